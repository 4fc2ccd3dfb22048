import { alternatives, ours, peers, restless } from './schemes.js';
import { simulate, type Outcome, type Scheme, type Storm } from './simulate.js';

/** How many clients are dropped, and how many the server takes a second. */
export interface Crowd {
  readonly clients: number;
  readonly rate: number;
  readonly seed?: number;
}

/** What is measured of one scheme in one storm. Times are seconds since the drop, or `null` for never. */
export interface Figures {
  readonly attemptsPerClient: number;
  /** The most attempts in a second, as a multiple of what the server takes. */
  readonly peak: number;
  readonly half: number | null;
  readonly almostAll: number | null;
  readonly all: number | null;
  /** The share of the clients that are back in the end. */
  readonly back: number;
}

/** One scheme in the three kinds of storm. */
export interface Row {
  readonly name: string;
  readonly refuses: Figures;
  /** Down for 30 s first, then it refuses what is over its rate. */
  readonly isDown: Figures;
  readonly queues: Figures;
  /** The same queue, where the scheme has a connect timeout of its own. */
  readonly queuesOwnTimeout?: Figures;
}

/** For how many seconds the server that is down is down. */
export const downtime = 30;

/** What a server puts in its close reason that will be down for so many seconds: it is how long the crowd takes to be let in, and a bit. */
export const spreadOf = ({ clients, rate }: Crowd, down = 0): string => `spread=${down}..${Math.ceil(down + (1.05 * clients) / rate)}`;

const figuresOf = (outcome: Outcome, { rate }: Crowd): Figures => {
  const at = (percent: number): number | null => {
    const time = outcome.backAt(percent);
    return time === null ? null : time / 1_000;
  };
  const { attempts, clients, peak, back } = outcome;
  return { attemptsPerClient: attempts / clients, peak: peak / rate, half: at(50), almostAll: at(99), all: at(100), back: back / clients };
};

type Part = Partial<Pick<Storm, 'drop' | 'refusal'>>;

const rowOf = (name: string, scheme: Scheme, crowd: Crowd, part: Part = {}, whenDown: Part = part, ownTimeout?: number): Row => {
  const run = (storm: Partial<Storm>, by = scheme): Figures => figuresOf(simulate(by, { ...crowd, server: 'refuses', ...storm }), crowd);
  return {
    name,
    refuses: run(part),
    isDown: run({ ...whenDown, downFor: downtime * 1_000 }),
    queues: run({ ...part, server: 'queues' }),
    ...(ownTimeout === undefined ? {} : { queuesOwnTimeout: run({ ...part, server: 'queues' }, { ...scheme, connectTimeout: () => ownTimeout }) }),
  };
};

/** The closes that a crowd may see, and for each what the defaults then do. */
export function ourRows(crowd: Crowd): readonly (() => Row)[] {
  const hinted = { drop: { code: 1012, reason: spreadOf(crowd) } };
  const fourTimesTooShort = { drop: { code: 1012, reason: spreadOf({ ...crowd, rate: crowd.rate * 4 }) } };
  return [
    () => rowOf('1006, dropped', ours, crowd),
    () => rowOf('1012 with `spread`, the downtime included', ours, crowd, hinted, { drop: { code: 1012, reason: spreadOf(crowd, downtime) } }),
    () => rowOf('1012 with a `spread` that leaves the downtime out', ours, crowd, hinted),
    () => rowOf('1012 with a `spread` four times too short', ours, crowd, fourTimesTooShort),
    () => rowOf('1012', ours, crowd, { drop: { code: 1012 } }),
    () => rowOf('1001', ours, crowd, { drop: { code: 1001 } }),
    () => rowOf('1013', ours, crowd, { drop: { code: 1013 } }),
    () => rowOf('1006, and what is over the rate is closed with 1013', ours, crowd, { refusal: { code: 1013 } }),
    () => rowOf('the same, with `spread` in that close', ours, crowd, { refusal: { code: 1013, reason: spreadOf(crowd) } }),
  ];
}

/** What else might have been chosen, after a drop. */
export const measureAlternatives = (crowd: Crowd): readonly Row[] => alternatives.map((scheme) => rowOf(scheme.name, scheme, crowd));

/** What other libraries do, after a drop; the most restless are left out of the largest crowds. */
export const measurePeers = (crowd: Crowd): readonly Row[] =>
  peers
    .filter((peer) => crowd.clients <= 100_000 || !restless.includes(peer))
    .map((peer) => rowOf(peer.name, peer, crowd, {}, {}, peer.ownTimeout));

/** What one user waits after an outage that only this user has. */
export interface LoneRow {
  /** How many seconds the outage lasts. */
  readonly outage: number;
  /** For every scheme the seconds from its end to the connection: half of the users wait less, nine of ten do. */
  readonly waits: readonly { readonly name: string; readonly half: number; readonly mostly: number }[];
}

/** What the choice costs one user: outages of a length each, without a crowd. Ten thousand draws for each. */
export const measureLone = (seed = 1): readonly LoneRow[] =>
  [1, 3, 10, 30, 120, 600].map((outage) => ({
    outage,
    waits: [ours, ...alternatives.slice(0, 1)].map((scheme) => {
      const outcome = simulate(scheme, { clients: 10_000, rate: 100_000_000, server: 'refuses', downFor: outage * 1_000, seed });
      const wait = (percent: number): number => Math.max(0, (outcome.backAt(percent) ?? Infinity) / 1_000 - outage);
      return { name: scheme.name, half: wait(50), mostly: wait(90) };
    }),
  }));

/** The same crowd at servers of other sizes. */
export interface LoadRow {
  /** How many seconds the server needs for all of them. */
  readonly load: number;
  readonly schemes: readonly { readonly name: string; readonly figures: Figures }[];
}

/** What the choice costs at other loads than the one that it was made for: ten thousand clients, a server that refuses. */
export const measureLoads = (seed = 1): readonly LoadRow[] =>
  [2, 10, 25, 50, 100, 250].map((load) => {
    const crowd = { clients: 10_000, rate: 10_000 / load, seed };
    const schemes = [ours, ...alternatives.slice(0, 1)];
    return { load, schemes: schemes.map((scheme) => ({ name: scheme.name, figures: figuresOf(simulate(scheme, { ...crowd, server: 'refuses' }), crowd) })) };
  });
