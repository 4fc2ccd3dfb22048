import { SocketError } from './SocketError.js';

/** How many issues the message of an error names; a long list may have one for each element. */
const shown = 5;

/**
 * A message was read, but a schema refused it (S14): see `withSchema`.
 *
 * With `onInvalid: 'error'`, the default, it ends the stream; otherwise it is reported on `warnings`. A `deserializer` of your own may throw one, too.
 *
 * @example
 * ```ts
 * import { SchemaError, webSocket, withSchema } from 'websocket-subject';
 * import { z } from 'zod';
 *
 * const deserializer = withSchema(z.object({ price: z.number() }));
 * webSocket({ url: 'wss://quotes.example.com', deserializer }).subscribe({
 *   next: ({ price }) => console.log(price),
 *   error: (error) => {
 *     if (error instanceof SchemaError) console.log(error.data, error.issues.map(({ path, message }) => [path, message]));
 *   },
 * });
 * ```
 */
export class SchemaError extends SocketError {
  /** The message as it was read, before validation. */
  declare readonly data: unknown;
  /** The problems that the schema found, as Standard Schema reports them: a text each, and the path to the value, if there is one. */
  declare readonly issues: readonly {
    readonly message: string;
    readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  }[];

  /**
   * @param data - the message as it was read
   * @param issues - the problems that the schema found
   */
  constructor(data: unknown, issues: SchemaError['issues']) {
    const texts = issues.slice(0, shown).map(textOf);
    if (issues.length > shown) texts.push(`and ${issues.length - shown} more`);
    super(`invalid message: ${texts.join('; ')}`, { data, issues });
  }

  /** The name of the class, which minifiers keep. */
  override get name(): 'SchemaError' {
    return 'SchemaError';
  }
}

function textOf({ message, path = [] }: SchemaError['issues'][number]): string {
  const keys = path.map((key) => String(typeof key === 'object' ? key.key : key));
  return keys.length === 0 ? message : `${message} (at ${keys.join('.')})`;
}
