/**
 * A message was read, and is not of the shape that was agreed on.
 *
 * It is for deserializers that validate: what a `deserializer` throws is the `cause` of the `DeserializeError` that `onInvalid` then deals with.
 *
 * @example
 * ```ts
 * import { SchemaError, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<{ price: number }>({
 *   url: 'wss://quotes.example.com',
 *   deserializer: ({ data }) => {
 *     const message = JSON.parse(data);
 *     if (typeof message.price === 'number') return message;
 *     throw new SchemaError(message, [{ message: 'price must be a number', path: ['price'] }]);
 *   },
 * });
 * ```
 */
export class SchemaError extends Error {
  /** The message as it was read. */
  readonly data: unknown;
  /** What is wrong with it, in the form that Standard Schema gives its issues. */
  readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[];

  /**
   * @param data - the message as it was read
   * @param issues - what is wrong with it
   */
  constructor(data: unknown, issues: SchemaError['issues']) {
    super(`a message is not of the agreed shape: ${issues.map(({ message }) => message).join('; ')}`);
    this.data = data;
    this.issues = issues;
  }

  /** The name of the class, which minifiers leave alone. */
  override get name(): 'SchemaError' {
    return 'SchemaError';
  }
}
