import { CloseEvent } from '../../src/close/CloseEvent.js';
import type { ReconnectAttempt } from '../../src/policy/ReconnectPolicy.js';
import { seededRandom } from './seededRandom.js';

/** How the clients of a storm come back. */
export interface Scheme {
  readonly name: string;
  /** Milliseconds to wait, or `null` to give up. The record is the same object every time, filled anew. */
  readonly delay: (attempt: ReconnectAttempt, client: number) => number | null;
  /** Milliseconds after which a client gives up the n-th connection in a row that it tries; the first after the drop has number 1. */
  readonly connectTimeout: (attempt: number) => number;
  /** Draws what each client keeps for itself, before the storm. */
  readonly prepare?: (clients: number, random: () => number) => void;
}

/** What the clients lost, and what they come back to. */
export interface Storm {
  /** How many clients are dropped at once. */
  readonly clients: number;
  /** How many connections a second the server can take. */
  readonly rate: number;
  /**
   * What the server does with what is over its rate: `'refuses'` it at once; or `'queues'` it, and works the queue off in order, the
   * connections whose client has given up as well, since it cannot know.
   */
  readonly server: 'refuses' | 'queues';
  /** For how many milliseconds from the drop on every connection is refused. Default 0. */
  readonly downFor?: number;
  /** How many seconds of work the queue holds; what comes beyond it is never answered. Default 30. */
  readonly backlog?: number;
  /** The close that the clients see. Default 1006, without a reason. */
  readonly drop?: { readonly code: number; readonly reason?: string };
  /** The close that a client sees whose connection the server refuses. Default 1006: the handshake failed. */
  readonly refusal?: { readonly code: number; readonly reason?: string };
  /** Default 1. */
  readonly seed?: number;
  /** Milliseconds that are simulated at most. Default 900000, a quarter of an hour. */
  readonly horizon?: number;
}

/** What came of a storm. Times are milliseconds since the drop. */
export interface Outcome {
  readonly clients: number;
  /** How many connections the clients tried, all together. */
  readonly attempts: number;
  /** How many are back. */
  readonly back: number;
  /** How many have given up for good. */
  readonly gaveUp: number;
  /** The most connections that were tried within one second. */
  readonly peak: number;
  /** Connections tried, for every second. */
  readonly triedBySecond: Uint32Array;
  /** Connections opened, for every second. */
  readonly openedBySecond: Uint32Array;
  /** When so many per cent of the clients were back, or `null` when they never were. */
  backAt(percent: number): number | null;
}

/** Milliseconds to the server and back. */
const roundTrip = 50;
/** The clients learn of the drop within so many milliseconds. */
const noticedWithin = 100;
/** A server below its rate saves up: it takes what comes within so many milliseconds at once. */
const burst = 100;

const aDay = 86_400_000;

const closeOf = ({ code, reason = '' }: NonNullable<Storm['drop']> = { code: 1006 }): CloseEvent =>
  new CloseEvent('close', { code, reason, wasClean: code !== 1006 });

/**
 * One storm, in virtual time, to the millisecond.
 *
 * A client has one event to come at a time: its connection arrives at the server, or it learns that an attempt has failed. So events need no
 * heap: a list for every millisecond, linked through one number a client.
 */
export function simulate(scheme: Scheme, storm: Storm): Outcome {
  const { clients, rate, server, downFor = 0, backlog = 30, seed = 1, horizon = 900_000 } = storm;
  const random = seededRandom(seed);
  const toServer = roundTrip / 2;

  const first = new Int32Array(horizon + 1).fill(-1);
  const last = new Int32Array(horizon + 1).fill(-1);
  const next = new Int32Array(clients);
  const isArriving = new Uint8Array(clients);
  const tries = new Uint32Array(clients);
  const waited = new Float64Array(clients).fill(-1);
  const isBack = new Uint8Array(clients);
  const at = (client: number, time: number, arrives: boolean): void => {
    if (time > horizon) return;
    isArriving[client] = arrives ? 1 : 0;
    next[client] = -1;
    const end = last[time] ?? -1;
    if (end === -1) first[time] = client;
    else next[end] = client;
    last[time] = client;
  };

  const room = server === 'queues' ? Math.max(1, Math.floor(rate * backlog)) : 0;
  const queue = new Int32Array(room);
  const queuedTry = new Uint32Array(room);
  const givenUpAt = new Float64Array(server === 'queues' ? clients : 0);
  let head = 0;
  let queued = 0;

  const seconds = Math.ceil(horizon / 1_000) + 1;
  const triedBySecond = new Uint32Array(seconds);
  const openedBySecond = new Uint32Array(seconds);
  const openedAt = new Uint32Array(horizon + roundTrip + 1);
  let attempts = 0;
  let back = 0;
  let gaveUp = 0;

  const opens = (client: number, time: number): void => {
    isBack[client] = 1;
    back++;
    openedAt[time + toServer] = (openedAt[time + toServer] ?? 0) + 1;
    const second = Math.floor((time + toServer) / 1_000);
    openedBySecond[second] = (openedBySecond[second] ?? 0) + 1;
  };

  const dropped = closeOf(storm.drop);
  const failed = closeOf(storm.refusal);
  const asked: { -readonly [Key in keyof ReconnectAttempt]: ReconnectAttempt[Key] } = {
    closeEvent: dropped, attempt: 1, elapsed: 0, uptime: aDay, previousDelay: null,
  };
  const retry = (client: number, now: number): void => {
    const before = tries[client] ?? 0;
    asked.closeEvent = before === 0 ? dropped : failed;
    asked.attempt = before + 1;
    asked.elapsed = now;
    asked.uptime = before === 0 ? aDay : 0;
    asked.previousDelay = before === 0 ? null : (waited[client] ?? 0);
    const delay = scheme.delay(asked, client);
    if (delay === null) {
      gaveUp++;
      return;
    }
    waited[client] = delay;
    tries[client] = before + 1;
    at(client, Math.round(now + delay) + toServer, true);
  };

  // The policies that take their chance from Math.random take it from the seed for as long as this runs.
  const { random: ownRandom } = Math;
  Math.random = random;
  try {
    scheme.prepare?.(clients, random);
    for (let client = 0; client < clients; client++) at(client, Math.floor(random() * noticedWithin), false);

    const perMs = rate / 1_000;
    const most = Math.max(1, perMs * burst);
    let capacity = most;
    for (let now = 0; now <= horizon && back + gaveUp < clients; now++) {
      const isUp = now >= downFor;
      if (isUp) capacity = Math.min(most, capacity + perMs);
      for (let client = first[now] ?? -1; client !== -1; ) {
        const following = next[client] ?? -1;
        if (isBack[client] === 1) {
          // A connect timeout that no longer matters.
        } else if (isArriving[client] === 0) retry(client, now);
        else {
          attempts++;
          const second = Math.floor(now / 1_000);
          triedBySecond[second] = (triedBySecond[second] ?? 0) + 1;
          if (isUp && server === 'queues') {
            if (queued < room) {
              const slot = (head + queued++) % room;
              queue[slot] = client;
              queuedTry[slot] = tries[client] ?? 0;
            }
            const end = now - toServer + scheme.connectTimeout(tries[client] ?? 0);
            givenUpAt[client] = end;
            at(client, Math.max(now + 1, Math.round(end)), false);
          } else if (isUp && server === 'refuses' && capacity >= 1) {
            capacity--;
            opens(client, now);
          } else at(client, now + toServer, false);
        }
        client = following;
      }
      for (; capacity >= 1 && queued > 0; capacity--, queued--) {
        const client = queue[head] ?? 0;
        const isWaiting = isBack[client] === 0 && queuedTry[head] === tries[client] && now + toServer < (givenUpAt[client] ?? 0);
        if (isWaiting) opens(client, now);
        head = (head + 1) % room;
      }
    }
  } finally {
    Math.random = ownRandom;
  }

  return {
    clients, attempts, back, gaveUp, triedBySecond, openedBySecond,
    peak: triedBySecond.reduce((most, tried) => Math.max(most, tried), 0),
    backAt(percent) {
      const wanted = Math.ceil((clients * percent) / 100);
      let sum = 0;
      for (const [time, opened] of openedAt.entries()) {
        sum += opened;
        if (sum >= wanted) return time;
      }
      return null;
    },
  };
}
