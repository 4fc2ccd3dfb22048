import { describe, expect, it } from 'vitest';
import { spreadOf, waitOf } from '../../bench/storm/measure.js';
import { otherLibraries, ours } from '../../bench/storm/schemes.js';
import { simulate, type Storm } from '../../bench/storm/simulate.js';
import { codePolicy } from '../../src/policy/codePolicy.js';
import { retry } from '../policy/retry.js';

/** The server loses all clients at once and can accept 2 % of them a second: at best 99 % are back after 49.5 s. */
const size = { clients: 100_000, rate: 2_000 };
const ideal = (0.99 * size.clients) / size.rate;

function resultOf(storm: Partial<Storm>) {
  const { attempts, clients, peak, backAt } = simulate(ours, { ...size, server: 'refuses', ...storm });
  const at = (percent: number): number => (backAt(percent) ?? Infinity) / 1_000;
  return { attempts: attempts / clients, peak: peak / size.rate, almostAll: at(99), all: at(100) };
}

describe('a hundred thousand clients with the defaults', () => {
  it('make at most 3.8 attempts each at a server that refuses, and 99 % are back within 60 s, with several seeds', () => {
    for (const seed of [1, 2, 3]) {
      const { attempts, almostAll } = resultOf({ seed });
      expect(attempts).toBeLessThanOrEqual(3.8);
      expect(almostAll).toBeLessThanOrEqual(60);
    }
  });

  it('99 % are back within 75 s after the end of an outage', () => {
    const { almostAll } = resultOf({ downFor: 30_000 });
    expect(almostAll).toBeLessThanOrEqual(30 + 75);
  });

  it('are all back within 80 s at a server that queues', () => {
    expect(resultOf({ server: 'queues' }).all).toBeLessThanOrEqual(80);
  });

  it('are not all back at a server that queues, if the connect timeout does not grow', () => {
    const constantTimeout = { ...ours, connectTimeout: () => 10_000 };
    const { back } = simulate(constantTimeout, { clients: 10_000, rate: 200, server: 'queues', horizon: 300_000 });
    expect(back).toBeLessThan(5_000);
  });

  it.each(['refuses', 'queues'] as const)('with a hint from a server that %s make at most 1.05 attempts each, at most 1.1 of its rate, and are back within 1.1 of the ideal time', (server) => {
    const { attempts, peak, almostAll } = resultOf({ server, drop: { code: 1012, reason: spreadOf(size) } });
    expect(attempts).toBeLessThanOrEqual(1.05);
    expect(peak).toBeLessThanOrEqual(1.1);
    expect(almostAll).toBeLessThanOrEqual(1.1 * ideal);
  });

  it('do the same after an outage, with a hint that includes the downtime', () => {
    const { attempts, peak, almostAll } = resultOf({ downFor: 30_000, drop: { code: 1012, reason: spreadOf(size, 30) } });
    expect(attempts).toBeLessThanOrEqual(1.05);
    expect(peak).toBeLessThanOrEqual(1.1);
    expect(almostAll).toBeLessThanOrEqual(30 + 1.1 * ideal);
  });

  it('are all back at other loads too', () => {
    for (const load of [2, 10, 250]) {
      const { clients } = size;
      for (const server of ['refuses', 'queues'] as const) {
        expect(simulate(ours, { clients: clients / 10, rate: clients / 10 / load, server }).back).toBe(clients / 10);
      }
    }
  });
});

it.each([1, 2, 3, 4, 5])('half of the single users are back within 2 s after an outage of 1 s or 3 s, with seed %i', (seed) => {
  for (const outage of [1, 3]) expect(waitOf(ours, outage, seed).half).toBeLessThanOrEqual(2);
});

it('the first retry after a drop comes within a second', () => {
  const policy = codePolicy();
  expect(Array.from({ length: 1_000 }, () => policy(retry(1))).every((ms) => ms !== null && ms >= 0 && ms <= 1_000)).toBe(true);
});

it('with a connect timeout of 10 s, fewer than half of the clients of any other library are back at a server that queues', () => {
  for (const library of otherLibraries.filter(({ name }) => !/RxJS|fixed|exponential/.test(name))) {
    const storm = { clients: 10_000, rate: 200, server: 'queues' as const, horizon: 300_000 };
    expect(simulate(library, storm).back, library.name).toBeLessThan(storm.clients / 2);
  }
});
