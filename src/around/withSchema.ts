import { SchemaError } from '../close/SchemaError.js';
import { ignoreRejection, isFunction, isObject } from '../config/checkArguments.js';
import type { MessageData } from '../config/config.js';
import { parseText } from '../config/settings.js';
import type { StandardSchema } from './StandardSchema.js';

/**
 * Makes a `deserializer` that validates each message with a schema. Subscribers receive the value that the schema returns, and its type is inferred.
 *
 * A message that the schema refuses causes a `SchemaError`. A schema that throws or returns a promise causes a `DeserializeError`. `onInvalid` decides what
 * happens then. Messages are validated at once, to keep their order: use a schema without asynchronous checks or transforms. zod also returns a promise
 * when a check or a transform throws.
 *
 * @param schema - of any library that follows Standard Schema, version 1 (https://standardschema.dev)
 * @param read - returns the value to validate; `JSON.parse(event.data)` by default
 * @throws `TypeError` when `schema` is not a Standard Schema
 *
 * @example
 * ```ts
 * import { webSocket, withSchema } from 'websocket-subject';
 * import { z } from 'zod';
 *
 * const Quote = z.object({ symbol: z.string(), price: z.number() });
 *
 * const quotes = webSocket({ url: 'wss://quotes.example.com', deserializer: withSchema(Quote), onInvalid: 'drop' });
 * quotes.subscribe(({ price }) => console.log(price.toFixed(2)));
 * ```
 */
export function withSchema<Output>(
  schema: StandardSchema<Output>,
  read: (event: { readonly data: MessageData }) => unknown = parseText,
): (event: { readonly data: MessageData }) => Output {
  const standard = (schema as Partial<StandardSchema<Output>> | null | undefined)?.['~standard'];
  if (!isObject(standard) || (standard.version as unknown) !== 1 || !isFunction(standard.validate)) {
    throw new TypeError("withSchema: needs a Standard Schema (with '~standard': { version: 1, vendor, validate })");
  }
  return (event) => {
    const message = read(event);
    const result: unknown = standard.validate(message);
    if (!isObject(result) || 'then' in result) {
      ignoreRejection(result);
      throw new TypeError(`${String(standard.vendor)}: the schema must return { value } or { issues } at once, not a promise`);
    }
    const { issues, value } = result as { issues?: SchemaError['issues']; value?: Output };
    if (issues) throw new SchemaError(message, issues);
    return value as Output;
  };
}
