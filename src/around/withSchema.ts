import { SchemaError } from '../close/SchemaError.js';
import { showValue } from '../close/showValue.js';
import { isFunction, isObject } from '../config/checkArguments.js';
import type { MessageData } from '../config/config.js';
import { parseText } from '../config/settings.js';
import type { StandardSchema } from './StandardSchema.js';

/** A frame, as deserializers receive it. */
interface Frame {
  readonly data: MessageData;
}

/**
 * Makes a `deserializer` that validates each message with a schema: the messages are what the schema gives, and their type is inferred from it.
 *
 * A message that the schema refuses is a `SchemaError`, and `onInvalid` decides what happens. So it is when the schema throws, or answers with a promise:
 * messages are validated at once, to keep their order, so use a schema without asynchronous checks or transforms. zod answers with a promise for a
 * check or a transform that throws, too.
 *
 * @param schema - of any library that follows Standard Schema (https://standardschema.dev, version 1); anything else throws a `TypeError`.
 * @param read - makes of a frame what the schema validates. Default `JSON.parse(event.data)`.
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
export function withSchema<Output>(schema: StandardSchema<Output>, read: (event: Frame) => unknown = parseText): (event: Frame) => Output {
  const standard = (schema as Partial<StandardSchema<Output>> | null | undefined)?.['~standard'];
  if (!isObject(standard) || standard.version !== 1 || !isFunction(standard.validate)) {
    throw new TypeError("withSchema: needs a Standard Schema (with '~standard': { version: 1, vendor, validate })");
  }
  return (event) => {
    const message = read(event);
    const result = standard.validate(message);
    if (isObject(result) && typeof (result as { then?: unknown }).then === 'function') {
      // Nobody waits for it: its failure must not count as an unhandled rejection.
      Promise.resolve(result).catch(() => undefined);
      throw new TypeError(`${String(standard.vendor)}: the schema answered with a promise, but messages are validated at once`);
    }
    if (!isObject(result)) throw new TypeError(`${String(standard.vendor)}: the schema returned ${showValue(result)}, neither a value nor issues`);
    const { issues, value } = result as { issues?: SchemaError['issues']; value?: Output };
    if (issues) throw new SchemaError(message, issues);
    return value as Output;
  };
}
