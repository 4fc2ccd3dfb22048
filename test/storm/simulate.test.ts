import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alternatives, otherLibraries, ours } from '../../bench/storm/schemes.js';
import { seededRandom } from '../../bench/storm/seededRandom.js';
import { simulate, type Scheme, type Storm } from '../../bench/storm/simulate.js';
import { after } from '../../src/policy/after.js';
import { between } from '../../src/policy/between.js';
import { exponential } from '../../src/policy/exponential.js';
import { sequence } from '../../src/policy/sequence.js';

const scheme = (delay: Scheme['delay'], ms = 10_000): Scheme => ({ name: 'test', delay, connectTimeout: () => ms });
const storm = (more: Partial<Storm> = {}): Storm => ({ clients: 1_000, rate: 100, server: 'refuses', ...more });
const sum = (numbers: Uint32Array): number => numbers.reduce((all, number) => all + number, 0);

const reference: Storm = { clients: 10_000, rate: 200, server: 'refuses' };
const named = (name: string): Scheme => {
  const found = [...otherLibraries, ...alternatives].find((one) => one.name.startsWith(name));
  if (found === undefined) throw new Error(name);
  return found;
};

/** Returns the attempts per client, and the seconds from the end of the downtime until 99 % were back, or else the share that was back in the end. */
function figures(by: Scheme, more: Partial<Storm> = {}): [attempts: number, end: number] {
  const { attempts, back, backAt, clients } = simulate(by, { ...reference, ...more });
  const at = backAt(99);
  return [attempts / clients, at === null ? back / clients : (at - (more.downFor ?? 0)) / 1_000];
}

describe('the simulation agrees, within 10 %, with an earlier and independent one', () => {
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

describe('a simulation', () => {
  it('gives the same result for the same seed, and another result for another seed', () => {
    const run = (seed: number) => {
      const { attempts, triedBySecond, openedBySecond } = simulate(ours, storm({ seed }));
      return { attempts, tried: [...triedBySecond], opened: [...openedBySecond] };
    };
    expect(run(7)).toEqual(run(7));
    expect(run(7)).not.toEqual(run(8));
  });

  it('restores Math.random, also when a policy throws', () => {
    const { random } = Math;
    simulate(ours, storm({ clients: 10 }));
    expect(Math.random).toBe(random);
    expect(() => simulate(scheme(() => { throw new Error('broken'); }), storm({ clients: 10 }))).toThrow('broken');
    expect(Math.random).toBe(random);
  });

  it('counts every client once, and opens no more connections than the server can accept', () => {
    const policies = fc.constantFrom(exponential(), between(0, 5_000), after(500), sequence([100, 2_000, 2_000]));
    const servers = fc.constantFrom('refuses' as const, 'queues' as const);
    fc.assert(
      fc.property(policies, servers, fc.integer({ min: 1, max: 400 }), fc.integer({ min: 20, max: 500 }), fc.nat(20_000), fc.nat(), (delay, server, clients, rate, downFor, seed) => {
        const result = simulate(scheme(delay), { clients, rate, server, downFor, seed, horizon: 60_000 });
        expect(sum(result.triedBySecond)).toBe(result.attempts);
        expect(sum(result.openedBySecond)).toBe(result.back);
        expect(result.back + result.gaveUp).toBeLessThanOrEqual(clients);
        expect(result.attempts).toBeGreaterThanOrEqual(result.back);
        // In any second the server accepts its rate, and the capacity that it accumulated before.
        expect(Math.max(...result.openedBySecond)).toBeLessThanOrEqual(Math.ceil(rate * 1.1) + 1);
        expect(result.backAt(100) === null).toBe(result.back < clients);
        if (result.backAt(100) !== null) expect(result.backAt(100)).toBeGreaterThan(downFor);
      }),
      { numRuns: 60 },
    );
  });

  it('calls the policy as the library does: once for each close, with the close event, the attempt, the uptime and the previous delay', () => {
    const calls: unknown[] = [];
    const result = simulate(
      scheme(({ closeEvent, attempt, uptime, previousDelay }) => {
        calls.push([closeEvent.code, closeEvent.reason, closeEvent.wasClean, attempt, uptime > 0, previousDelay]);
        return attempt * 1_000;
      }),
      { clients: 1, rate: 1_000, server: 'refuses', downFor: 2_500, drop: { code: 1012, reason: 'deploy' }, refusal: { code: 1013 } },
    );
    expect(calls).toEqual([
      [1012, 'deploy', true, 1, true, null],
      [1013, '', true, 2, false, 1_000],
    ]);
    expect(result).toMatchObject({ attempts: 2, back: 1, gaveUp: 0 });
  });

  it('counts clients whose policy stops', () => {
    expect(simulate(scheme(sequence([10, 10])), storm({ clients: 20, downFor: 60_000 }))).toMatchObject({ attempts: 40, back: 0, gaveUp: 20 });
  });
});

describe('a server that queues', () => {
  // 300 clients at once, 10 a second. With a short timeout the queue soon holds only attempts whose clients have given up.
  const flood = storm({ clients: 300, rate: 10, server: 'queues', horizon: 60_000 });

  it('also processes attempts whose clients have given up, so short timeouts keep it busy in vain', () => {
    const patient = simulate(scheme(after(1), 60_000), flood);
    const impatient = simulate(scheme(after(1), 5_000), flood);
    expect(patient).toMatchObject({ attempts: 300, back: 300 });
    expect(impatient.back).toBeLessThan(100);
    expect(impatient.attempts).toBeGreaterThan(1_000);
  });

  it('does not answer attempts beyond its backlog', () => {
    const { back, attempts } = simulate(scheme(after(1), 1e9), { ...flood, backlog: 10 });
    expect(attempts).toBe(300);
    expect(back).toBeLessThanOrEqual(102);
    expect(back).toBeGreaterThanOrEqual(100);
  });
});

it('seededRandom returns evenly distributed numbers from 0 to 1', () => {
  const random = seededRandom(3);
  const numbers = Array.from({ length: 20_000 }, random);
  expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
  const tenths = Array.from({ length: 10 }, (_, tenth) => numbers.filter((number) => Math.floor(number * 10) === tenth).length);
  expect(Math.min(...tenths)).toBeGreaterThan(1_850);
  expect(Math.max(...tenths)).toBeLessThan(2_150);
});
