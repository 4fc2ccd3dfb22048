import { SchemaError } from '../close/SchemaError.js';
import { showValue } from '../close/showValue.js';
import type { MessageData } from './config.js';
import { AsynchronousSchema } from './refusal.js';
import type { StandardResult, StandardSchema } from './StandardSchema.js';

/** What makes a message of a frame. */
type Reader<Message> = (event: { readonly data: MessageData }) => Message;

/** A deserializer that gives what `schema` makes of what `read` has read. What it refuses is thrown as a `SchemaError` (S14). */
export function validating<In>(read: Reader<unknown>, schema: StandardSchema<In>): Reader<In> {
  const standard = schema['~standard'];
  return (event) => {
    const message = read(event);
    const result = standard.validate(message);
    if (isPromise(result)) {
      // Nobody waits for it: that it fails must not count as a rejection that nobody handles.
      Promise.resolve(result).catch(() => undefined);
      throw new AsynchronousSchema(standard.vendor);
    }
    if (!isObject(result)) throw new TypeError(`schema: ${String(standard.vendor)} gave ${showValue(result)}, neither a value nor issues`);
    if (result.issues) throw new SchemaError(message, result.issues);
    return result.value;
  };
}

function isPromise<In>(result: StandardResult<In> | PromiseLike<unknown>): result is PromiseLike<unknown> {
  return isObject(result) && typeof (result as { then?: unknown }).then === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
