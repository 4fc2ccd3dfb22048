import type { PlatformEvent, PlatformEventInit } from './PlatformEvent.js';

/** Takes the place of `Event` on a platform without one (React Native): the same facts, without dispatch. */
class PlainEvent {
  bubbles = false;
  cancelable = false;
  composed = false;

  constructor(type: string, init: PlatformEventInit) {
    Object.assign(this, { ...init, type });
  }
}

/** An event as the consumer's own libs declare it, with at least a `type`. */
export type EventBase = PlatformEvent & {
  /** The name of the event: `'close'` on every close event that a stream delivers. */
  readonly type: string;
};

/** The base class of `CloseEvent`: the platform's `Event`, if there is one at run time, else a plain class with the same fields. */
export const EventBase = (typeof Event === 'function' ? Event : PlainEvent) as unknown as new (
  type: string,
  init: PlatformEventInit,
) => EventBase;
