import type { CloseCode } from './CloseCode.js';
import { describeCloseCode } from './describeCloseCode.js';
import { EventBase } from './EventBase.js';
import type { PlatformEventInit } from './PlatformEvent.js';
import { showCause } from './showCause.js';
import { socketEventBrand } from './socketEventBrand.js';
import { wellFormed } from './wellFormed.js';

export type { EventBase } from './EventBase.js';

/** What {@link CloseEvent}'s constructor takes besides the type. Anything left out has the standard's default. */
export interface CloseEventInit extends PlatformEventInit {
  /** The close code, as an unsigned 16-bit number. Default 0. */
  code?: number;
  /** The close reason. Default `''`. */
  reason?: string;
  /** Whether the closing handshake finished. Default `false`. */
  wasClean?: boolean;
}

/**
 * All the facts of one end.
 *
 * @internal
 */
export interface CloseFacts {
  code: number;
  reason: string;
  wasClean: boolean;
  initiator: 'local' | 'remote' | 'transport';
  opened: boolean;
  attempt: number;
  uptime: number;
  unsent: readonly unknown[];
  sent: { readonly code: number; readonly reason: string } | null;
  cause: unknown;
}

/** A clean {@link CloseEvent} as a stream delivers it: the closing handshake finished, or there was no connection to close. */
export interface CleanCloseEvent extends CloseEvent {
  /** What the union of socket events narrows on. */
  readonly type: 'close';
  /** What the two kinds of close narrow on. */
  readonly wasClean: true;
}

/** An unclean {@link CloseEvent} as a stream delivers it: dropped, refused, timed out or aborted. */
export interface UncleanCloseEvent extends CloseEvent {
  /** What the union of socket events narrows on. */
  readonly type: 'close';
  /** What the two kinds of close narrow on. */
  readonly wasClean: false;
}

/**
 * How a connection ended: the standard's `CloseEvent`, the same class on every runtime, with the facts that the standard leaves out.
 *
 * It extends the platform's `Event` where there is one, so that it can be dispatched on an `EventTarget`, one that a stream delivered
 * included. Every property is read-only. It is never an instance of the platform's own `CloseEvent`, which not every runtime has.
 *
 * `wasClean` is not success: 1011, 1012 and 4401 arrive clean. `JSON.stringify` gives the facts, with `unsent` as a number of values
 * and `cause` as text, so that writing one to a log cannot throw on a value of the program.
 *
 * @example
 * ```ts
 * import { CloseEvent } from 'websocket-subject';
 *
 * const event = new CloseEvent('close', { code: 1012, reason: 'deploy', wasClean: true });
 * event.code; // => 1012
 * String(event); // => 'CloseEvent: 1012 Service Restart, "deploy", clean'
 * ```
 */
export class CloseEvent extends EventBase {
  /** The close code that was received, or what stands for none: 1005 when the Close had none, 1006 when there was no Close. */
  declare readonly code: CloseCode | (number & {});
  /** The reason that was received, `''` when there was none. */
  declare readonly reason: string;
  /** Whether the closing handshake finished, or the program ended the session before there was a connection to close. */
  declare readonly wasClean: boolean;
  /**
   * Who began the end: `'local'` the program, however it then ended; `'remote'` the peer, whose Close came first; `'transport'` neither
   * (dropped, refused, timed out, aborted). `'local'` on an event that a program constructed.
   */
  declare readonly initiator: 'local' | 'remote' | 'transport';
  /** Whether the connection had been open: tells a drop from a refused handshake. `false` on an event that a program constructed. */
  declare readonly opened: boolean;
  /** The number of the connection: 0 for a first one, n for the n-th consecutive retry. */
  declare readonly attempt: number;
  /** For how long the connection had been open, in milliseconds; 0 when it never was. */
  declare readonly uptime: number;
  /** The values, as given to `next()`, that the outbox still held when a session that the program ended was over; empty otherwise. */
  declare readonly unsent: readonly unknown[];
  /** The code and the reason that we sent, or `null` when we sent no Close of our own. */
  declare readonly sent: { readonly code: number; readonly reason: string } | null;
  /** What is known of why: what the transport's `error` said, a timeout, a provider's rejection. `undefined` when nothing is. */
  declare readonly cause: unknown;

  /**
   * Makes an event as the standard's constructor does (HTML, "The CloseEvent interface"); what is ours says that the program made it.
   *
   * @param type - the name of the event
   * @param init - `code` is taken modulo 65536, `reason` made well-formed; defaults 0, `''`, `false`
   * @throws `TypeError` when `type` is missing, when `init` is no object, or when one of them has no conversion (a symbol, a bigint code)
   */
  constructor(type: string, init?: CloseEventInit) {
    if (arguments.length === 0) throw new TypeError("CloseEvent: 1 argument required, the event's type, but none was given");
    if (init != null && typeof init !== 'object' && typeof init !== 'function') {
      throw new TypeError('CloseEvent: the second argument must be an object');
    }
    const { bubbles, cancelable, composed, code, reason, wasClean } = init ?? {};
    super(`${type}`, { bubbles: Boolean(bubbles), cancelable: Boolean(cancelable), composed: Boolean(composed) });
    setFacts(this, {
      code: code === undefined ? 0 : toUint16(code),
      reason: reason === undefined ? '' : wellFormed(`${reason}`),
      wasClean: Boolean(wasClean),
      initiator: 'local',
      opened: false,
      attempt: 0,
      uptime: 0,
      unsent: Object.freeze([]),
      sent: null,
      cause: undefined,
    });
  }

  /**
   * Sets all six on an event that a program constructed.
   *
   * Does nothing while the event is being dispatched, and nothing on an event that a stream delivered, since others hold it. On a platform
   * whose `Event` has no `initEvent` the new type can be read, but a dispatch may still go by the old one.
   *
   * @deprecated Today's standard has no such method: construct a new event instead.
   * @param type - the name of the event
   * @param bubbles - whether it bubbles
   * @param cancelable - whether it can be cancelled
   * @param wasClean - whether the closing handshake finished
   * @param code - the close code, taken modulo 65536
   * @param reason - the close reason, made well-formed
   * @throws `TypeError` with fewer than six arguments, or when one of them has no conversion (a symbol, a bigint code)
   */
  initCloseEvent(type: string, bubbles: boolean, cancelable: boolean, wasClean: boolean, code: number, reason: string): void {
    if (arguments.length < 6) {
      throw new TypeError(`CloseEvent.initCloseEvent: 6 arguments required, but only ${arguments.length} given`);
    }
    // Web IDL converts the arguments before the method's own steps look at the state.
    const name = `${type}`;
    const facts = { wasClean: Boolean(wasClean), code: toUint16(code), reason: wellFormed(`${reason}`) };
    const event = this as unknown as { eventPhase?: number; initEvent?(type: string, bubbles: boolean, cancelable: boolean): void };
    if (wasDelivered(this) || (event.eventPhase ?? 0) !== 0) return;
    if (event.initEvent) event.initEvent(name, Boolean(bubbles), Boolean(cancelable));
    else setFacts(this, { type: name, bubbles: Boolean(bubbles), cancelable: Boolean(cancelable) });
    setFacts(this, facts);
  }

  /** The facts as a plain object for `JSON.stringify`: `unsent` as a number of values, `cause` as text. Never throws. */
  toJSON(): Record<string, unknown> {
    const { type, code, reason, wasClean, initiator, opened, attempt, uptime, sent } = this;
    const cause = this.cause === undefined ? undefined : showCause(this.cause);
    return { type, code, reason, wasClean, initiator, opened, attempt, uptime, unsent: this.unsent.length, sent, cause };
  }

  /** The end in one line: code, name, reason, clean or not. */
  override toString(): string {
    const { code, reason, wasClean } = this;
    const quoted = reason === '' ? '' : ` ${JSON.stringify(reason)},`;
    return `CloseEvent: ${code} ${describeCloseCode(code)},${quoted} ${wasClean ? 'clean' : 'not clean'}`;
  }

  /** @internal What `console.log` and `util.inspect` show in Node, where `Event` would show its own fields only. */
  [Symbol.for('nodejs.util.inspect.custom')](
    depth: number,
    options: object,
    inspect?: (value: unknown, options: object) => string,
  ): string {
    if (depth < 0 || !inspect) return String(this);
    return `CloseEvent ${inspect({ ...this.toJSON(), unsent: this.unsent, cause: this.cause }, options)}`;
  }

  /** The name that `Object.prototype.toString` shows, as on the standard's. */
  get [Symbol.toStringTag](): string {
    return 'CloseEvent';
  }

  /** @internal */
  get [socketEventBrand](): true {
    return true;
  }
}

/**
 * The event that a stream delivers for these facts: nothing can change it any more, `initCloseEvent` included.
 *
 * @param facts - what is known of the end; `uptime` in milliseconds
 *
 * @internal
 */
export function makeCloseEvent(facts: CloseFacts): CleanCloseEvent | UncleanCloseEvent {
  const event = new CloseEvent('close');
  const { code, reason, wasClean, initiator, opened, attempt, uptime, cause } = facts;
  const unsent = Object.freeze([...facts.unsent]);
  const sent = facts.sent && Object.freeze({ code: facts.sent.code, reason: facts.sent.reason });
  setFacts(event, { code, reason, wasClean, initiator, opened, attempt, uptime, unsent, sent, cause }, 'for good');
  return event as CleanCloseEvent | UncleanCloseEvent;
}

/** Read-only properties of the event's own, so that consoles, spreads and comparisons see them. Those set for good cannot be redefined. */
function setFacts(event: CloseEvent, facts: object, forGood?: 'for good'): void {
  for (const [name, value] of Object.entries(facts)) {
    Object.defineProperty(event, name, { value, enumerable: true, writable: false, configurable: forGood === undefined });
  }
}

function wasDelivered(event: CloseEvent): boolean {
  return Object.getOwnPropertyDescriptor(event, 'code')?.configurable === false;
}

/** Web IDL's conversion to `unsigned short`: modulo 65536, 0 for `NaN` and the infinities. The plus sign refuses symbols and bigints. */
function toUint16(code: unknown): number {
  return +(code as number) & 0xffff;
}
