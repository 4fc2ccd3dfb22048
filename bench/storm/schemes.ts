import { defaultConnectTimeout } from '../../src/config/settings.js';
import { codePolicy } from '../../src/policy/codePolicy.js';
import { exponential } from '../../src/policy/exponential.js';
import type { Scheme } from './simulate.js';

const after = (ms: number) => (): number => ms;

/** What `reconnectOnCode()` does with the default connect timeout. It calls the library's own functions. */
export const ours: Scheme = { name: 'reconnectOnCode()', delay: codePolicy(), connectTimeout: defaultConnectTimeout };

/** Returns full jitter up to these bounds, in seconds, one for each retry; the last one for all later ones. */
const upTo = (...bounds: readonly number[]): Scheme => ({
  ...ours,
  name: `0–${bounds.slice(0, -1).join(', 0–')}, then 0–${bounds.at(-1)} s`,
  delay: ({ attempt }) => Math.floor(Math.random() * (bounds[Math.min(attempt, bounds.length) - 1] ?? 0) * 1_000),
});

/** Other waits before the retries that we tried, with our timeout. The first was the default of 0.1.0. */
export const schedules: readonly Scheme[] = [upTo(1, 15, 40), upTo(1, 3.5, 12.25, 40), upTo(1, 4, 12, 40), upTo(1, 2, 4, 15, 45), upTo(1, 2, 4, 8, 16, 32, 40)];

/** Other defaults that we considered, to show what our choice costs. */
export const alternatives: readonly Scheme[] = [
  { name: 'full jitter 1 s ×2, 30 s; timeout 10 s', delay: exponential({ base: 1_000, factor: 2, max: 30_000 }), connectTimeout: after(10_000) },
  { ...ours, name: 'ours, but with a timeout of 10 s that does not grow', connectTimeout: after(10_000) },
  { name: 'full jitter 1 s ×2, 30 s; our timeout', delay: exponential({ base: 1_000, factor: 2, max: 30_000 }), connectTimeout: defaultConnectTimeout },
  {
    name: 'first in 0 to 5 s, then full jitter 5 s ×3, 60 s; timeout 10 s, doubling to 80 s',
    delay: exponential({ base: 5_000, factor: 3, max: 60_000 }),
    connectTimeout: (attempt) => Math.min(10_000 * 2 ** (attempt - 1), 80_000),
  },
];

/** What another library does by default. */
export interface OtherLibrary extends Scheme {
  /** The library's own connect timeout, in milliseconds; infinite where it has none. */
  readonly ownTimeout: number;
}

/** Returns a random number that stays the same for each client, drawn before the storm. */
function perClient(draw: (random: () => number) => number): { prepare: NonNullable<Scheme['prepare']>; of(client: number): number } {
  let values = new Float64Array(0);
  return {
    prepare: (clients, random) => {
      values = Float64Array.from({ length: clients }, () => draw(random));
    },
    of: (client) => values[client] ?? 0,
  };
}

const minimum = perClient((random) => 1_000 + random() * 4_000);
const connectTimeout = after(10_000);

/**
 * The default delays of other libraries, reimplemented from their sources. Their connect timeout is ten seconds here, so that only the delays
 * differ; `ownTimeout` is their real one.
 */
export const otherLibraries: readonly OtherLibrary[] = [
  { name: "RxJS's retry(), at once", delay: after(0), connectTimeout, ownTimeout: Infinity },
  { name: 'a fixed second', delay: after(1_000), connectTimeout, ownTimeout: Infinity },
  { name: 'exponential without jitter, 1 s ×2, 30 s', delay: ({ attempt }) => Math.min(30_000, 1_000 * 2 ** (attempt - 1)), connectTimeout, ownTimeout: Infinity },
  { name: 'partysocket 1.3', delay: ({ attempt }) => Math.min(10_000, 3_000 * 1.3 ** (attempt - 1)), connectTimeout, ownTimeout: 4_000 },
  {
    name: 'reconnecting-websocket 4.4',
    prepare: minimum.prepare,
    delay: ({ attempt }, client) => Math.min(10_000, minimum.of(client) * 1.3 ** (attempt - 1)),
    connectTimeout,
    ownTimeout: 4_000,
  },
  {
    name: 'socket.io-client 4.8',
    delay: ({ attempt }) => {
      const ms = 1_000 * 2 ** Math.min(attempt - 1, 40);
      const random = Math.random();
      const deviation = Math.floor(random * 0.5 * ms);
      return Math.min(5_000, Math.floor(random * 10) % 2 === 0 ? ms - deviation : ms + deviation);
    },
    connectTimeout,
    ownTimeout: 20_000,
  },
  {
    name: 'centrifuge 5',
    delay: ({ attempt }) => Math.min(20_000, 500 + Math.floor(Math.random() * (Math.min(20_000, 500 * 2 ** Math.min(attempt - 1, 31)) + 1))),
    connectTimeout,
    ownTimeout: Infinity,
  },
  {
    name: 'graphql-ws 6',
    delay: ({ attempt }) => (attempt > 5 ? null : 1_000 * 2 ** (attempt - 1) + Math.floor(Math.random() * 2_700 + 300)),
    connectTimeout,
    ownTimeout: Infinity,
  },
];

/** The libraries that retry so often that a million of their clients take minutes to simulate. */
export const slowToSimulate: readonly Scheme[] = otherLibraries.slice(0, 2);
