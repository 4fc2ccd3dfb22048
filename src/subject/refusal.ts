import { DeserializeError } from '../close/DeserializeError.js';
import { SchemaError } from '../close/SchemaError.js';

/** Why there is no message of a frame. */
export type Refusal = DeserializeError | SchemaError | AsynchronousSchema;

/**
 * A schema has answered with a promise. That is a mistake of the program, not of the peer: it ends the session, whatever `onInvalid` says of messages.
 */
export class AsynchronousSchema extends TypeError {
  constructor(vendor: unknown) {
    super(
      `schema: ${String(vendor)} answered with a promise, but messages are validated at once, to keep their order: ` +
        'use a schema without asynchronous checks or transforms, and without any that throw',
    );
  }
}

/** What is told of a frame of which reading it has thrown: a verdict on the message as itself, anything else as the cause of a `DeserializeError`. */
export function refusalOf(data: unknown, thrown: unknown): Refusal {
  return thrown instanceof SchemaError || thrown instanceof AsynchronousSchema ? thrown : new DeserializeError(data, thrown);
}
