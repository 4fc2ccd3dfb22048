import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alternatives, ours, peers } from '../../bench/storm/schemes.js';
import { seededRandom } from '../../bench/storm/seededRandom.js';
import { simulate, type Scheme, type Storm } from '../../bench/storm/simulate.js';
import { after } from '../../src/policy/after.js';
import { between } from '../../src/policy/between.js';
import { exponential } from '../../src/policy/exponential.js';
import { sequence } from '../../src/policy/sequence.js';

const scheme = (delay: Scheme['delay'], ms = 10_000): Scheme => ({ name: 'of the test', delay, connectTimeout: () => ms });
const storm = (more: Partial<Storm> = {}): Storm => ({ clients: 1_000, rate: 100, server: 'refuses', ...more });
const sum = (numbers: Uint32Array): number => numbers.reduce((all, number) => all + number, 0);

const crowd: Storm = { clients: 10_000, rate: 200, server: 'refuses' };
const named = (name: string): Scheme => {
  const found = [...peers, ...alternatives].find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(name);
  return found;
};

/** Attempts per client, then the seconds until 99 % were back (after the server was up again), or the share that was back in the end. */
function figures(by: Scheme, more: Partial<Storm> = {}): [attempts: number, end: number] {
  const outcome = simulate(by, { ...crowd, ...more });
  const at = outcome.backAt(99);
  return [outcome.attempts / outcome.clients, at === null ? outcome.back / outcome.clients : (at - (more.downFor ?? 0)) / 1_000];
}

describe('a simulation agrees, within a tenth, with one that was made before it and without it', () => {
  it.each<[string, Partial<Storm>, number | null, number]>([
    ["RxJS's retry()", { horizon: 60_000 }, 498, 49.5],
    ['a fixed second', {}, 143, 328],
    ['a fixed second', { downFor: 30_000 }, 171, 327],
    ['exponential without jitter', {}, 31, 0.13],
    ['exponential without jitter', { server: 'queues' }, null, 235],
    ['partysocket', {}, 75, 0.35],
    ['partysocket', { server: 'queues' }, null, 0.2],
    ['reconnecting-websocket', {}, 4.8, 60],
    ['reconnecting-websocket', { downFor: 30_000 }, null, 70],
    ['socket.io', {}, 7.3, 73],
    ['socket.io', { downFor: 30_000 }, null, 73],
    ['centrifuge', {}, 6.4, 56],
    ['centrifuge', { downFor: 30_000 }, null, 55],
    ['graphql-ws', {}, 4.1, 0.57],
    ['graphql-ws', { downFor: 30_000 }, null, 0.18],
    ['full jitter 1 s ×2, 30 s; timeout', {}, 5.4, 59],
    ['full jitter 1 s ×2, 30 s; timeout', { downFor: 30_000 }, null, 59],
    ['first in 0 to 5 s', {}, 2.7, 67],
    ['first in 0 to 5 s', { downFor: 30_000 }, null, 75],
    ['first in 0 to 5 s', { server: 'queues' }, null, 98],
  ])('%s, %o', (name, more, attempts, end) => {
    const [measuredAttempts, measuredEnd] = figures(named(name), more);
    expect(measuredEnd / end).toBeGreaterThan(0.9);
    expect(measuredEnd / end).toBeLessThan(1.1);
    if (attempts === null) return;
    expect(measuredAttempts / attempts).toBeGreaterThan(0.9);
    expect(measuredAttempts / attempts).toBeLessThan(1.1);
  });
});

describe('a storm', () => {
  it('is the same for the same seed, and another for another', () => {
    const run = (seed: number) => {
      const { attempts, triedBySecond, openedBySecond } = simulate(ours, storm({ seed }));
      return { attempts, tried: [...triedBySecond], opened: [...openedBySecond] };
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('leaves Math.random as it was, also when a policy throws', () => {
    const { random } = Math;
    simulate(ours, storm({ clients: 10 }));
    expect(Math.random).toBe(random);
    expect(() => simulate(scheme(() => { throw new Error('broken'); }), storm({ clients: 10 }))).toThrow('broken');
    expect(Math.random).toBe(random);
  });

  it('loses and invents nobody, and lets in no more than the server can take', () => {
    const policies = fc.constantFrom(exponential(), between(0, 5_000), after(500), sequence([100, 2_000, 2_000]));
    const servers = fc.constantFrom('refuses' as const, 'queues' as const);
    fc.assert(
      fc.property(policies, servers, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 20, max: 500 }), fc.nat(20_000), fc.nat(), (delay, server, clients, rate, downFor, seed) => {
        const outcome = simulate(scheme(delay), { clients, rate, server, downFor, seed, horizon: 60_000 });
        expect(sum(outcome.triedBySecond)).toBe(outcome.attempts);
        expect(sum(outcome.openedBySecond)).toBe(outcome.back);
        expect(outcome.back + outcome.gaveUp).toBeLessThanOrEqual(clients);
        expect(outcome.attempts).toBeGreaterThanOrEqual(outcome.back);
        // In any second what it can take, and what it had saved up.
        expect(Math.max(...outcome.openedBySecond)).toBeLessThanOrEqual(Math.ceil(rate * 1.1) + 1);
        expect(outcome.backAt(100) === null).toBe(outcome.back < clients);
        if (outcome.backAt(100) !== null) expect(outcome.backAt(100)).toBeGreaterThan(downFor);
      }),
      { numRuns: 60 },
    );
  });

  it('asks the policy as the library does: once per end, with the close, the number, the time and the delay before', () => {
    const asked: unknown[] = [];
    const outcome = simulate(
      scheme(({ closeEvent, attempt, uptime, previousDelay }) => {
        asked.push([closeEvent.code, closeEvent.reason, closeEvent.wasClean, attempt, uptime > 0, previousDelay]);
        return attempt * 1_000;
      }),
      { clients: 1, rate: 1_000, server: 'refuses', downFor: 2_500, drop: { code: 1012, reason: 'deploy' }, refusal: { code: 1013 } },
    );
    expect(asked).toEqual([
      [1012, 'deploy', true, 1, true, null],
      [1013, '', true, 2, false, 1_000],
    ]);
    expect(outcome).toMatchObject({ attempts: 2, back: 1, gaveUp: 0 });
  });

  it('ends for a client whose policy stops', () => {
    expect(simulate(scheme(sequence([10, 10])), storm({ clients: 20, downFor: 60_000 }))).toMatchObject({ attempts: 40, back: 0, gaveUp: 20 });
  });
});

describe('a server that queues', () => {
  // 300 clients at once, 10 a second: those whose turn comes within ten seconds are let in, then the queue is full of those who have left.
  const flood = storm({ clients: 300, rate: 10, server: 'queues', horizon: 60_000 });

  it('works off those who have left, so that clients who give up too soon keep it busy for nothing', () => {
    const patient = simulate(scheme(after(1), 60_000), flood);
    const hasty = simulate(scheme(after(1), 5_000), flood);
    expect(patient).toMatchObject({ attempts: 300, back: 300 });
    expect(hasty.back).toBeLessThan(100);
    expect(hasty.attempts).toBeGreaterThan(1_000);
  });

  it('does not answer what comes beyond its backlog', () => {
    const { back, attempts } = simulate(scheme(after(1), 1e9), { ...flood, backlog: 10 });
    expect(attempts).toBe(300);
    expect(back).toBeLessThanOrEqual(102);
    expect(back).toBeGreaterThanOrEqual(100);
  });
});

it('a seed gives numbers from 0 to 1, spread evenly', () => {
  const random = seededRandom(3);
  const drawn = Array.from({ length: 20_000 }, random);
  expect(drawn.every((one) => one >= 0 && one < 1)).toBe(true);
  const tenths = Array.from({ length: 10 }, (_, tenth) => drawn.filter((one) => Math.floor(one * 10) === tenth).length);
  expect(Math.min(...tenths)).toBeGreaterThan(1_850);
  expect(Math.max(...tenths)).toBeLessThan(2_150);
});
