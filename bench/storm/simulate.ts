import { CloseEvent } from '../../src/close/CloseEvent.js';
import type { ReconnectAttempt } from '../../src/policy/ReconnectPolicy.js';
import { seededRandom } from './seededRandom.js';

/** How the clients of a reconnect storm come back. */
export interface Scheme {
  readonly name: string;
  /** Returns the delay in milliseconds, or `null` to give up. `attempt` is one object, overwritten for each call. */
  readonly delay: (attempt: ReconnectAttempt, client: number) => number | null;
  /** Returns the connect timeout of the n-th consecutive attempt, in milliseconds; the first attempt after the drop has number 1. */
  readonly connectTimeout: (attempt: number) => number;
  /** Called before the storm, to draw what stays the same for each client. */
  readonly prepare?: (clients: number, random: () => number) => void;
}

/** A reconnect storm: how many clients lose their connection, and how the server behaves afterwards. */
export interface Storm {
  /** How many clients are dropped at once. */
  readonly clients: number;
  /** How many connections a second the server can accept. */
  readonly rate: number;
  /**
   * What the server does with attempts above its rate. `'refuses'`: it refuses them at once. `'queues'`: it queues them and processes them in
   * order. It also processes those whose client has given up, since it cannot know that.
   */
  readonly server: 'refuses' | 'queues';
  /** How long the server refuses every attempt after the drop, in milliseconds. Default 0. */
  readonly downFor?: number;
  /** How many seconds of work the queue holds; the server never answers attempts beyond it. Default 30. */
  readonly backlog?: number;
  /** The close that the clients receive. Default 1006, without a reason. */
  readonly drop?: { readonly code: number; readonly reason?: string };
  /** The close that a refused client receives. Default 1006: the handshake failed. */
  readonly refusal?: { readonly code: number; readonly reason?: string };
  /** Seed of the random numbers. Default 1. */
  readonly seed?: number;
  /** The longest time to simulate, in milliseconds. Default 900000, a quarter of an hour. */
  readonly horizon?: number;
}

/** The result of a simulation. Times are milliseconds since the drop. */
export interface StormResult {
  readonly clients: number;
  /** How many attempts all clients made together. */
  readonly attempts: number;
  /** How many clients are connected again. */
  readonly back: number;
  /** How many clients have given up. */
  readonly gaveUp: number;
  /** The most attempts within one second. */
  readonly peak: number;
  /** How many attempts were made in each second. */
  readonly triedBySecond: Uint32Array;
  /** How many connections were opened in each second. */
  readonly openedBySecond: Uint32Array;
  /** Returns when this percentage of the clients was connected again, or `null` where it never was. */
  backAt(percent: number): number | null;
}

/** Milliseconds of a round trip to the server. */
const roundTrip = 50;
/** The clients notice the drop within this many milliseconds. */
const noticedWithin = 100;
/** A server below its rate accumulates capacity, up to that of this many milliseconds. */
const burst = 100;

const aDay = 86_400_000;

const closeOf = ({ code, reason = '' }: NonNullable<Storm['drop']> = { code: 1006 }): CloseEvent =>
  new CloseEvent('close', { code, reason, wasClean: code !== 1006 });

/**
 * Simulates a reconnect storm in virtual time, in steps of a millisecond.
 *
 * Each client has one pending event at a time: its attempt arrives at the server, or it notices that an attempt has failed. So the events need
 * no heap, only a linked list for each millisecond, with one number for each client.
 */
export function simulate(scheme: Scheme, storm: Storm): StormResult {
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
  const schedule = (client: number, time: number, arrives: boolean): void => {
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
  const attempt: { -readonly [Key in keyof ReconnectAttempt]: ReconnectAttempt[Key] } = {
    closeEvent: dropped, attempt: 1, repeats: 1, elapsed: 0, uptime: aDay, previousDelay: null,
  };
  const retry = (client: number, now: number): void => {
    const before = tries[client] ?? 0;
    attempt.closeEvent = before === 0 ? dropped : failed;
    attempt.attempt = before + 1;
    attempt.elapsed = now;
    attempt.uptime = before === 0 ? aDay : 0;
    attempt.previousDelay = before === 0 ? null : (waited[client] ?? 0);
    const delay = scheme.delay(attempt, client);
    if (delay === null) {
      gaveUp++;
      return;
    }
    waited[client] = delay;
    tries[client] = before + 1;
    schedule(client, Math.round(now + delay) + toServer, true);
  };

  // Policies that call Math.random get the seeded numbers during the simulation.
  const { random: originalRandom } = Math;
  Math.random = random;
  try {
    scheme.prepare?.(clients, random);
    for (let client = 0; client < clients; client++) schedule(client, Math.floor(random() * noticedWithin), false);

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
            schedule(client, Math.max(now + 1, Math.round(end)), false);
          } else if (isUp && server === 'refuses' && capacity >= 1) {
            capacity--;
            opens(client, now);
          } else schedule(client, now + toServer, false);
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
    Math.random = originalRandom;
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
