import type { CloseCode } from './CloseCode.js';
import { EventBase } from './EventBase.js';
import type { PlatformEventInit } from './PlatformEvent.js';
import { sessionKey } from './sessionKey.js';
import { showCause } from './showCause.js';
import { wellFormed } from './wellFormed.js';

export type { EventBase } from './EventBase.js';

/** Options of the constructor of {@link CloseEvent}; the defaults are the standard's. */
export interface CloseEventInit extends PlatformEventInit {
  /** The close code, as an unsigned 16-bit number. Default 0. */
  code?: number;
  /** The close reason. Default `''`. */
  reason?: string;
  /** Whether the closing handshake finished. Default `false`. */
  wasClean?: boolean;
}

/**
 * All the facts of a close that a stream delivers.
 *
 * @internal
 */
export interface CloseFacts {
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
  readonly initiator: 'local' | 'remote' | 'transport';
  readonly opened: boolean;
  readonly host: string;
  readonly httpStatus: number | null;
  readonly attempt: number;
  readonly uptime: number;
  readonly unsent: readonly unknown[];
  readonly sent: { readonly code: number; readonly reason: string } | null;
  readonly cause: unknown;
}

/** A clean {@link CloseEvent} as a stream delivers it: the closing handshake finished, or there was no connection to close. */
export interface CleanCloseEvent extends CloseEvent {
  /** The union of socket events narrows on it. */
  readonly type: 'close';
  /** The two kinds of close narrow on it. */
  readonly wasClean: true;
}

/** An unclean {@link CloseEvent} as a stream delivers it: dropped, refused, timed out or aborted. */
export interface UncleanCloseEvent extends CloseEvent {
  /** The union of socket events narrows on it. */
  readonly type: 'close';
  /** The two kinds of close narrow on it. */
  readonly wasClean: false;
}

/**
 * How a connection ended: the standard's `CloseEvent`, the same class on every runtime, with the facts that the standard leaves out.
 *
 * It extends the platform's `Event`, if there is one, so you can dispatch it on an `EventTarget`. It is never an instance of the platform's own
 * `CloseEvent`, which not every runtime has.
 *
 * `wasClean` does not mean success: 1011, 1012 and 4401 arrive clean. `JSON.stringify` shows its fields, with `unsent` as a number of values and `cause` as
 * text, so logging an event never throws because of one of your values.
 *
 * @example
 * ```ts
 * import { CloseEvent } from 'websocket-subject';
 *
 * const event = new CloseEvent('close', { code: 1012, reason: 'deploy', wasClean: true });
 * event.code; // => 1012
 * String(event); // => 'CloseEvent: 1012 "deploy", clean'
 * ```
 */
export class CloseEvent extends EventBase {
  /** The close code that was received; 1005 when the Close had none, 1006 when there was no Close. */
  declare readonly code: CloseCode | (number & {});
  /** The reason that was received, `''` when there was none. */
  declare readonly reason: string;
  /** Whether the closing handshake finished, or your code ended the session before there was a connection to close. */
  declare readonly wasClean: boolean;
  /**
   * Who ended the connection: `'local'` your code, even if the end was then unclean; `'remote'` the server, whose Close came first; `'transport'` neither
   * (dropped, refused, timed out, aborted). `'local'` on an event that your code constructed.
   */
  declare readonly initiator: 'local' | 'remote' | 'transport';
  /** Whether the connection had been open: distinguishes a drop from a refused handshake. `false` on an event that your code constructed. */
  declare readonly opened: boolean;
  /** The host of the connection, with its port unless that is the default; `''` if no absolute URL was known. */
  declare readonly host: string;
  /** The HTTP status if the server refused the opening handshake and the transport shows it, as `ws` does; else `null`, as in every browser. */
  declare readonly httpStatus: number | null;
  /** The number of the connection: 0 for the first one, n for the n-th consecutive retry. */
  declare readonly attempt: number;
  /** How long the connection had been open, in milliseconds; 0 when it never was. */
  declare readonly uptime: number;
  /** If your code ended the session: the values, as passed to `next()`, that the outbox still held at the end. Empty otherwise. */
  declare readonly unsent: readonly unknown[];
  /** The code and the reason that the client sent; `null` if it sent no Close, or only answered that of the server. */
  declare readonly sent: { readonly code: number; readonly reason: string } | null;
  /** Why it ended, if known: the error of the transport or of your `url` function, or a timeout. Otherwise `undefined`. */
  declare readonly cause: unknown;
  readonly #session: object | undefined;

  /**
   * Makes an event as the standard's constructor does (HTML, "The CloseEvent interface").
   *
   * @param type - the name of the event
   * @param init - `code` is taken modulo 65536, `reason` made well-formed; defaults 0, `''`, `false`
   * @throws `TypeError` when `type` is missing, when `init` is not an object, or when one of them has no conversion (a symbol, a bigint code)
   */
  constructor(type: string, init?: CloseEventInit);
  /**
   * Makes the event that a stream delivers.
   *
   * @internal
   */
  constructor(type: string, init: undefined, facts: CloseFacts, session: object);
  constructor(type: string, init?: CloseEventInit, facts?: CloseFacts, session?: object) {
    if (arguments.length === 0) throw new TypeError('CloseEvent: no type');
    super(type, init ?? {});
    const { code = 0, reason = '', wasClean } = init ?? {};
    this.#session = session;
    Object.assign(this, facts ?? { ...noFacts, unsent: [], ...checked(wasClean, code, reason) });
  }

  /**
   * Sets these six fields on an event that your code constructed.
   *
   * Does nothing while the event is being dispatched, or on an event that a stream delivered, since other subscribers hold it too. On a platform
   * without `Event`, or whose `Event` has no `initEvent`, `type`, `bubbles` and `cancelable` stay as they are.
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
    if (arguments.length < 6) throw new TypeError('initCloseEvent: 6 arguments required');
    // Web IDL converts the arguments before the method's own steps look at the state.
    const facts = checked(wasClean, code, reason);
    const event = this as unknown as { eventPhase?: number; initEvent?(type: string, bubbles: boolean, cancelable: boolean): void };
    if (this.#session || event.eventPhase) return;
    event.initEvent?.(type, bubbles, cancelable);
    Object.assign(this, facts);
  }

  /** Returns the facts as a plain object for `JSON.stringify`: `unsent` as a number of values, `cause` as its code or its name. Never throws. */
  toJSON(): Record<string, unknown> {
    const facts = Object.keys(noFacts).map((key) => [key, this[key as keyof CloseFacts]]);
    const cause = showCause(this.cause) || undefined;
    return { type: this.type, ...(Object.fromEntries(facts) as object), unsent: this.unsent.length, cause };
  }

  /** Returns the close in one line: host, code, reason, how it ended, and why, as far as that is known. */
  override toString(): string {
    return `CloseEvent: ${describeClose(this)}`;
  }

  /** The name that `Object.prototype.toString` shows, as on the standard's. */
  get [Symbol.toStringTag](): string {
    return 'CloseEvent';
  }

  /** @internal */
  get [sessionKey](): object | undefined {
    return this.#session;
  }

  /** @internal What `console.log` and `util.inspect` show in Node, where `Event` would show its own fields only. */
  [Symbol.for('nodejs.util.inspect.custom')](depth: number, options: object, inspect?: (value: unknown, options: object) => string): string {
    return depth < 0 || !inspect ? String(this) : `CloseEvent ${inspect({ ...this.toJSON(), unsent: this.unsent, cause: this.cause }, options)}`;
  }
}

/**
 * The facts of an event that your code constructed.
 *
 * @internal
 */
export const noFacts: CloseFacts = {
  code: 0,
  reason: '',
  wasClean: false,
  initiator: 'local',
  opened: false,
  host: '',
  httpStatus: null,
  attempt: 0,
  uptime: 0,
  unsent: [],
  sent: null,
  cause: undefined,
};

/** Converts as Web IDL does: a code to an `unsigned short`, modulo 65536, 0 for `NaN` and the infinities. The plus sign refuses symbols and bigints. */
function checked(wasClean: unknown, code: unknown, reason: unknown): Partial<CloseFacts> {
  return { wasClean: Boolean(wasClean), code: +(code as number) & 0xffff, reason: wellFormed(`${reason as string}`) };
}

/**
 * Returns a close in one line, for people: host, code, reason, how it ended, and why. It holds no secret: of the URL only the host, of a cause only its
 * code or its name.
 *
 * @internal
 */
export function describeClose(facts: Pick<CloseFacts, 'cause' | 'code' | 'host' | 'httpStatus' | 'opened' | 'reason' | 'wasClean'>): string {
  const { cause, code, host, opened, reason, wasClean } = facts;
  // An event that your code constructed does not say whether there was a connection.
  const how = wasClean ? 'clean' : opened || !(host || cause) ? 'not clean' : 'no connection';
  const why = facts.httpStatus ? `HTTP ${facts.httpStatus}` : showCause(cause);
  return `${host && `${host}: `}${code}${reason && ` ${JSON.stringify(reason)}`}, ${how}${why && ` (${why})`}`;
}
