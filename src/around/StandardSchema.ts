/**
 * A schema of any library that follows Standard Schema, version 1: zod, Valibot, ArkType and others. Only the part of it that `withSchema` uses.
 *
 * Source: https://standardschema.dev
 *
 * @example
 * ```ts
 * import { webSocket, withSchema, type StandardSchema } from 'websocket-subject';
 *
 * const price: StandardSchema<number> = {
 *   '~standard': {
 *     version: 1,
 *     vendor: 'quotes',
 *     validate: (message) => (typeof message === 'number' ? { value: message } : { issues: [{ message: 'a price must be a number' }] }),
 *   },
 * };
 * const prices = webSocket({ url: 'wss://quotes.example.com', deserializer: withSchema(price) }); // a WebSocketSubject<number>
 * ```
 */
export interface StandardSchema<Output = unknown> {
  /** The properties that the standard requires of every schema. */
  readonly '~standard': {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that made the schema. */
    readonly vendor: string;
    /** Returns a value, which it may have transformed, or the issues that it found. Asynchronous schemas return a promise, which `withSchema` refuses. */
    readonly validate: (value: unknown) => StandardResult<Output> | PromiseLike<StandardResult<Output>>;
    /** The types that the schema takes and gives; for the compiler only. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/**
 * The answer of a {@link StandardSchema}: the value that it made, or the issues that it found.
 *
 * Source: https://standardschema.dev
 */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[] };
