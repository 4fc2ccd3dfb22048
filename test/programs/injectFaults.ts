import { expect, it, vi } from 'vitest';
import { byKind, callbacks, type Variant } from './callbacks.js';
import { isExcluded } from './exclusions.js';
import { acting, returning, throwing, type Plan } from './faults.js';
import { scenarios, type Scenario } from './scenarios.js';
import { simulate } from './simulate.js';

/** Callbacks whose errors are not reported, and why. */
const unreported: Readonly<Record<string, string>> = {
  onUnhandledError: 'nothing is left to report to',
  parse: 'a reason of another kind is no hint',
  'transport.close': 'the connection is abandoned anyway',
  'transport.terminate': 'likewise',
  'transport.on': 'such a transport has no pings',
  'transport.pause': 'such a transport cannot be paused',
  'transport.ping': 'heartbeat ends the connection',
};

/** Scenarios in which subscribers unsubscribe, or connections are abandoned, so that an error may have no receiver. */
const cutShort = new Set(['is unsubscribed', 'is reconnected, and suspended']);

/** Defines a test for each callback of a kind. */
export function testFaultsOf(kind: keyof typeof byKind): void {
  it.each(Object.keys(byKind[kind]))('S16: with any fault of %s the laws hold, and the subject still works', async (callback) => {
    expect.hasAssertions();
    await injectFaults(callback);
  }, 60_000);
}

/** Injects every fault into a callback, once or repeatedly, each in one of the scenarios that call it, and expects no violation. */
async function injectFaults(callback: string): Promise<void> {
  const { variants = [{}], hasResult } = callbacks[callback] ?? {};
  const faults = Object.entries({ ...throwing, ...(hasResult ? returning : {}), ...acting }).filter(([what]) => !isExcluded(callback, what));
  const found: Record<string, readonly string[]> = {};
  vi.useFakeTimers();
  try {
    for (const variant of variants) {
      const calling = await scenariosThatCall(callback, variant);
      expect(calling, `no scenario calls ${callback}`).not.toEqual([]);
      for (const [i, [what, fault]] of faults.entries()) {
        // Another scenario for the next fault, so that all of them are used.
        const [name, scenario] = calling[i % calling.length] as [string, Scenario];
        const times = Math.floor(i / calling.length) % 2 === 0 ? 4 : 1;
        const plan: Plan = (called, count) => (called === callback && count <= times ? fault : undefined);
        const outcome = await simulate(plan, scenario, variant, (thrower) => thrower in unreported || cutShort.has(name));
        const violations = outcome.injected > 0 ? outcome.violations : ['the fault was not injected'];
        if (violations.length > 0) found[`${callback} ${what}, up to ${times} times, and the subject ${name}, ${JSON.stringify(variant)}`] = violations;
      }
    }
  } finally {
    vi.useRealTimers();
  }
  expect(found).toEqual({});
}

/** What each scenario calls, by variant. */
const calls = new Map<string, Map<string, ReadonlyMap<string, number>>>();

async function scenariosThatCall(callback: string, variant: Partial<Variant>): Promise<[string, Scenario][]> {
  const key = JSON.stringify(variant);
  const called = calls.get(key) ?? new Map<string, ReadonlyMap<string, number>>();
  if (!calls.has(key)) for (const [name, scenario] of Object.entries(scenarios)) called.set(name, (await simulate(() => undefined, scenario, variant)).calls);
  calls.set(key, called);
  return Object.entries(scenarios).filter(([name]) => called.get(name)?.has(callback));
}
