/** How many issues the message of an error names; there may be one for each element of a long list. */
const shown = 5;

/**
 * A message was read, and is not what the config's `schema` says that messages are (S14).
 *
 * With `onInvalid: 'error'`, the default, it ends the stream; with `'drop'` or a code it is told on `warnings`. A `deserializer` that validates without
 * a schema may throw one, which is then told as itself too.
 *
 * @example
 * ```ts
 * import { SchemaError, webSocket } from 'websocket-subject';
 * import { z } from 'zod';
 *
 * const schema = z.object({ price: z.number() });
 * webSocket({ url: 'wss://quotes.example.com', schema }).subscribe({
 *   next: ({ price }) => console.log(price),
 *   error: (error) => {
 *     if (error instanceof SchemaError) console.log(error.data, error.issues.map(({ path, message }) => [path, message]));
 *   },
 * });
 * ```
 */
export class SchemaError extends Error {
  /** The message as it was read: what the deserializer made of the frame. */
  readonly data: unknown;
  /** What is wrong with it, as Standard Schema gives it: in words, and the path to the value that is meant, where there is one. */
  readonly issues: readonly {
    readonly message: string;
    readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  }[];

  /**
   * @param data - the message as it was read
   * @param issues - what is wrong with it
   */
  constructor(data: unknown, issues: SchemaError['issues']) {
    const told = issues.slice(0, shown).map(inWords);
    if (issues.length > shown) told.push(`and ${issues.length - shown} more`);
    super(`a message is not of the agreed shape: ${told.join('; ')}`);
    this.data = data;
    this.issues = issues;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'SchemaError' {
    return 'SchemaError';
  }
}

function inWords({ message, path = [] }: SchemaError['issues'][number]): string {
  const keys = path.map((key) => String(typeof key === 'object' ? key.key : key));
  return keys.length === 0 ? message : `${message} (at ${keys.join('.')})`;
}
