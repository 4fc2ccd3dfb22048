import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callbacks, neverCalled } from './callbacks.js';
import { scenarios } from './scenarios.js';
import { simulate } from './simulate.js';
import { callbacksOfTheSurface } from './surface.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('faults are injected into every callback of the public surface', () => {
  const known = new Set([...Object.values(callbacks).flatMap(({ surface }) => surface), ...Object.keys(neverCalled)]);
  const surface = callbacksOfTheSurface('websocket-subject', 'websocket-subject.operators');
  expect(surface).toContain('WebSocketSubjectConfig.serializer');
  expect(surface.filter((callback) => !known.has(callback)), 'without faults').toEqual([]);
  expect([...known].filter((callback) => !surface.includes(callback)), 'not in the surface any more').toEqual([]);
});

const variants = new Map(Object.values(callbacks).flatMap(({ variants: some = [{}] }) => some.map((one) => [JSON.stringify(one), one])));

it.each([...variants])('without a fault the laws hold in every scenario: %s', async (_, variant) => {
  for (const [name, scenario] of Object.entries(scenarios)) {
    const { violations, logs } = await simulate(() => undefined, scenario, variant);
    expect(violations, `${name}\n${logs.join('\n')}`).toEqual([]);
  }
});
