import { describe, expect, it } from 'vitest';
import { spreadOf } from '../../bench/storm/measure.js';
import { ours, peers } from '../../bench/storm/schemes.js';
import { simulate, type Storm } from '../../bench/storm/simulate.js';
import { codePolicy } from '../../src/policy/codePolicy.js';
import { retry } from '../policy/retry.js';

/** All of them at once, at a server that can take a fiftieth a second: at best 99 % are back after 49.5 s. */
const crowd = { clients: 100_000, rate: 2_000 };
const ideal = (0.99 * crowd.clients) / crowd.rate;

function outcomeOf(storm: Partial<Storm>) {
  const { attempts, clients, peak, backAt } = simulate(ours, { ...crowd, server: 'refuses', ...storm });
  const at = (percent: number): number => (backAt(percent) ?? Infinity) / 1_000;
  return { attempts: attempts / clients, peak: peak / crowd.rate, almostAll: at(99), all: at(100) };
}

describe('a hundred thousand clients that come back with the defaults', () => {
  it('cost a server that refuses them at most 3.0 attempts each, and 99 % are back within 70 s', () => {
    const { attempts, almostAll } = outcomeOf({});
    expect(attempts).toBeLessThanOrEqual(3);
    expect(almostAll).toBeLessThanOrEqual(70);
  });

  it('are back within 75 s of the end of an outage', () => {
    const { almostAll } = outcomeOf({ downFor: 30_000 });
    expect(almostAll).toBeLessThanOrEqual(30 + 75);
  });

  it('are all back within 100 s at a server that queues them', () => {
    expect(outcomeOf({ server: 'queues' }).all).toBeLessThanOrEqual(100);
  });

  it('would not be, if the connect timeout did not grow', () => {
    const hasty = { ...ours, connectTimeout: () => 10_000 };
    const { back } = simulate(hasty, { clients: 10_000, rate: 200, server: 'queues', horizon: 300_000 });
    expect(back).toBeLessThan(5_000);
  });

  it.each(['refuses', 'queues'] as const)('with a hint cost a server that %s at most 1.05 attempts each, 1.1 of its rate, 1.1 of the ideal time', (server) => {
    const { attempts, peak, almostAll } = outcomeOf({ server, drop: { code: 1012, reason: spreadOf(crowd) } });
    expect(attempts).toBeLessThanOrEqual(1.05);
    expect(peak).toBeLessThanOrEqual(1.1);
    expect(almostAll).toBeLessThanOrEqual(1.1 * ideal);
  });

  it('with a hint that knows of the downtime do so after an outage, too', () => {
    const { attempts, peak, almostAll } = outcomeOf({ downFor: 30_000, drop: { code: 1012, reason: spreadOf(crowd, 30) } });
    expect(attempts).toBeLessThanOrEqual(1.05);
    expect(peak).toBeLessThanOrEqual(1.1);
    expect(almostAll).toBeLessThanOrEqual(30 + 1.1 * ideal);
  });

  it('come back at other loads as well', () => {
    for (const load of [2, 10, 250]) {
      const { clients } = crowd;
      for (const server of ['refuses', 'queues'] as const) {
        expect(simulate(ours, { clients: clients / 10, rate: clients / 10 / load, server }).back).toBe(clients / 10);
      }
    }
  });
});

it('after a drop the first retry comes within a second', () => {
  const policy = codePolicy();
  expect(Array.from({ length: 1_000 }, () => policy(retry(1))).every((ms) => ms !== null && ms >= 0 && ms <= 1_000)).toBe(true);
});

it('no peer comes back from a server that queues with the same timeout of 10 s', () => {
  for (const peer of peers.filter(({ name }) => !/RxJS|fixed|exponential/.test(name))) {
    const storm = { clients: 10_000, rate: 200, server: 'queues' as const, horizon: 300_000 };
    expect(simulate(peer, storm).back, peer.name).toBeLessThan(storm.clients / 2);
  }
});
