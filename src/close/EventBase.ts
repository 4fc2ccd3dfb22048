import type { PlatformEvent, PlatformEventInit } from './PlatformEvent.js';

/** What stands in for `Event` on a platform that has none (React Native): the facts, without dispatch. */
class PlainEvent {
  readonly type: string;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;

  constructor(type: string, init: PlatformEventInit = {}) {
    this.type = type;
    this.bubbles = init.bubbles ?? false;
    this.cancelable = init.cancelable ?? false;
    this.composed = init.composed ?? false;
  }
}

/** An event as far as the consumer's own libs know events, and its type in any case. */
export type EventBase = PlatformEvent & {
  /** The name of the event: `'close'` on every close event that a stream delivers. */
  readonly type: string;
};

/** What `CloseEvent` extends: the platform's `Event` where there is one at run time, else a plain object of the same facts. */
export const EventBase = (typeof Event === 'function' ? Event : PlainEvent) as unknown as new (
  type: string,
  init?: PlatformEventInit,
) => EventBase;
