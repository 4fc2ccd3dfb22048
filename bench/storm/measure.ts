import { alternatives, otherLibraries, ours, schedules, slowToSimulate } from './schemes.js';
import { simulate, type Scheme, type Storm, type StormResult } from './simulate.js';

/** The size of a reconnect storm. */
export interface StormSize {
  /** How many clients lose their connection. */
  readonly clients: number;
  /** How many connections a second the server can accept. */
  readonly rate: number;
  /** Seed of the random numbers. Default 1. */
  readonly seed?: number;
}

/** The figures of one scheme in one storm. Times are seconds since the drop, or `null` for never. */
export interface Figures {
  readonly attemptsPerClient: number;
  /** The most attempts in a second, as a multiple of the server's rate. */
  readonly peak: number;
  readonly half: number | null;
  readonly almostAll: number | null;
  readonly all: number | null;
  /** The share of the clients that are connected in the end. */
  readonly back: number;
}

/** The figures of one scheme in the three kinds of storm. */
export interface Row {
  readonly name: string;
  readonly refuses: Figures;
  /** The server is down for 30 s first, then it refuses attempts above its rate. */
  readonly isDown: Figures;
  readonly queues: Figures;
  /** The same queue, but with the library's own connect timeout. */
  readonly queuesOwnTimeout?: Figures;
}

/** How long the server is down in the second kind of storm, in seconds. */
export const downtime = 30;

/** Returns the close reason of a server that will be down for `down` seconds: the window in which it can accept all clients, plus 5 %. */
export const spreadOf = ({ clients, rate }: StormSize, down = 0): string => `spread=${down}..${Math.ceil(down + (1.05 * clients) / rate)}`;

const figuresOf = (result: StormResult, { rate }: StormSize): Figures => {
  const at = (percent: number): number | null => {
    const time = result.backAt(percent);
    return time === null ? null : time / 1_000;
  };
  const { attempts, clients, peak, back } = result;
  return { attemptsPerClient: attempts / clients, peak: peak / rate, half: at(50), almostAll: at(99), all: at(100), back: back / clients };
};

/** The closes that the clients receive. */
type Closes = Partial<Pick<Storm, 'drop' | 'refusal'>>;

const rowOf = (name: string, scheme: Scheme, size: StormSize, closes: Closes = {}, whenDown: Closes = closes, ownTimeout?: number): Row => {
  const run = (storm: Partial<Storm>, by = scheme): Figures => figuresOf(simulate(by, { ...size, server: 'refuses', ...storm }), size);
  return {
    name,
    refuses: run(closes),
    isDown: run({ ...whenDown, downFor: downtime * 1_000 }),
    queues: run({ ...closes, server: 'queues' }),
    ...(ownTimeout === undefined ? {} : { queuesOwnTimeout: run({ ...closes, server: 'queues' }, { ...scheme, connectTimeout: () => ownTimeout }) }),
  };
};

/** Returns, for each close that the clients may receive, a function that measures what the defaults then do. */
export function ourRows(size: StormSize): readonly (() => Row)[] {
  const hinted = { drop: { code: 1012, reason: spreadOf(size) } };
  const fourTimesTooShort = { drop: { code: 1012, reason: spreadOf({ ...size, rate: size.rate * 4 }) } };
  return [
    () => rowOf('1006, dropped', ours, size),
    () => rowOf('1012 with `spread`, the downtime included', ours, size, hinted, { drop: { code: 1012, reason: spreadOf(size, downtime) } }),
    () => rowOf('1012 with a `spread` that leaves the downtime out', ours, size, hinted),
    () => rowOf('1012 with a `spread` four times too short', ours, size, fourTimesTooShort),
    () => rowOf('1012', ours, size, { drop: { code: 1012 } }),
    () => rowOf('1001', ours, size, { drop: { code: 1001 } }),
    () => rowOf('1013', ours, size, { drop: { code: 1013 } }),
    () => rowOf('1006; the server closes connections above its rate with 1013', ours, size, { refusal: { code: 1013 } }),
    () => rowOf('the same, with `spread` in that close', ours, size, { refusal: { code: 1013, reason: spreadOf(size) } }),
  ];
}

/** Measures the other defaults that we considered, after a drop. */
export const measureAlternatives = (size: StormSize): readonly Row[] => alternatives.map((scheme) => rowOf(scheme.name, scheme, size));

/** Measures other libraries, after a drop. Those that are slow to simulate are left out of the largest storms. */
export const measureOtherLibraries = (size: StormSize): readonly Row[] =>
  otherLibraries
    .filter((library) => size.clients <= 100_000 || !slowToSimulate.includes(library))
    .map((library) => rowOf(library.name, library, size, {}, {}, library.ownTimeout));

/** How long one user waits after an outage that only this user has. */
export interface SingleUserRow {
  /** How many seconds the outage lasts. */
  readonly outage: number;
  /** Seconds from the end of the outage to the connection, for each scheme: the median and the 90th percentile. */
  readonly waits: readonly { readonly name: string; readonly half: number; readonly mostly: number }[];
}

/** Returns how long a single user waits after an outage of so many seconds. Ten thousand draws. */
export const waitOf = (scheme: Scheme, outage: number, seed: number): SingleUserRow['waits'][number] => {
  const result = simulate(scheme, { clients: 10_000, rate: 100_000_000, server: 'refuses', downFor: outage * 1_000, seed });
  const wait = (percent: number): number => Math.max(0, (result.backAt(percent) ?? Infinity) / 1_000 - outage);
  return { name: scheme.name, half: wait(50), mostly: wait(90) };
};

/** Measures what the defaults cost a single user, for outages of several lengths. */
export const measureSingleUser = (seed = 1): readonly SingleUserRow[] =>
  [1, 3, 10, 30, 120, 600].map((outage) => ({
    outage,
    waits: [ours, ...alternatives.slice(0, 1)].map((scheme) => waitOf(scheme, outage, seed)),
  }));

/** What a schedule of waits costs a single user after a short outage, and many clients of one server. */
export interface ScheduleRow {
  readonly name: string;
  /** Seconds that half of the single users wait after outages of 1 s, 3 s and 10 s. */
  readonly alone: readonly number[];
  readonly refuses: Figures;
  readonly isDown: Figures;
  readonly queues: Figures;
}

/** Measures the defaults and the other schedules that were tried: single users, and ten thousand clients that keep a server busy for 50 s. */
export const measureSchedules = (seed = 1): readonly ScheduleRow[] =>
  [ours, ...schedules].map((scheme) => ({
    ...rowOf(scheme.name, scheme, { clients: 10_000, rate: 200, seed }),
    alone: [1, 3, 10].map((outage) => waitOf(scheme, outage, seed).half),
  }));

/** The same clients at a server of another size. */
export interface LoadRow {
  /** How many seconds the server needs to accept all of them. */
  readonly load: number;
  readonly schemes: readonly { readonly name: string; readonly figures: Figures }[];
}

/** Measures the defaults at loads that they were not chosen for: ten thousand clients, a server that refuses. */
export const measureLoads = (seed = 1): readonly LoadRow[] =>
  [2, 10, 25, 50, 100, 250].map((load) => {
    const size = { clients: 10_000, rate: 10_000 / load, seed };
    const schemes = [ours, ...alternatives.slice(0, 1)];
    return { load, schemes: schemes.map((scheme) => ({ name: scheme.name, figures: figuresOf(simulate(scheme, { ...size, server: 'refuses' }), size) })) };
  });
