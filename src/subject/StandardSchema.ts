/**
 * A schema of any library that follows Standard Schema, version 1: zod, Valibot, ArkType and others. Only the part of it that a subject calls.
 *
 * Source: https://standardschema.dev
 *
 * @example
 * ```ts
 * import { webSocket, type StandardSchema } from 'websocket-subject';
 *
 * const price: StandardSchema<number> = {
 *   '~standard': {
 *     version: 1,
 *     vendor: 'quotes',
 *     validate: (message) => (typeof message === 'number' ? { value: message } : { issues: [{ message: 'a price must be a number' }] }),
 *   },
 * };
 * const prices = webSocket({ url: 'wss://quotes.example.com', schema: price }); // a WebSocketSubject<number>
 * ```
 */
export interface StandardSchema<Output = unknown> {
  /** What the standard asks of every schema. */
  readonly '~standard': {
    /** The version of the standard. */
    readonly version: 1;
    /** The library that the schema is of. */
    readonly vendor: string;
    /**
     * Gives a value, which it may have transformed, or what is wrong with it. A promise is for schemas that are asynchronous, and a subject refuses it.
     */
    readonly validate: (value: unknown) => StandardResult<Output> | PromiseLike<StandardResult<Output>>;
    /** What the schema takes and gives; for the compiler only. */
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

/**
 * What a {@link StandardSchema} says of a value: what it made of it, or the issues that it found.
 *
 * Source: https://standardschema.dev
 */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string; readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined }[] };
