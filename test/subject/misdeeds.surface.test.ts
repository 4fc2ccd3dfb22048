import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { callbacks, neverCalled } from './misdeeds/callbacks.js';
import { lives } from './misdeeds/lives.js';
import { play } from './misdeeds/play.js';
import { callbacksOfTheSurface } from './misdeeds/surface.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('every callback of the public surface is among those that misbehave', () => {
  const known = new Set([...Object.values(callbacks).flatMap(({ surface }) => surface), ...Object.keys(neverCalled)]);
  const surface = callbacksOfTheSurface('websocket-subject', 'websocket-subject.operators');
  expect(surface).toContain('WebSocketSubjectConfig.serializer');
  expect(surface.filter((callback) => !known.has(callback))).toEqual([]);
});

const flavours = new Map(Object.values(callbacks).flatMap(({ flavours: some = [{}] }) => some.map((one) => [JSON.stringify(one), one])));

it.each([...flavours])('nothing is wrong with a subject whose callbacks all do what they are there for: %s', async (_, flavour) => {
  for (const [what, life] of Object.entries(lives)) {
    const { faults, logs } = await play(() => undefined, life, flavour);
    expect(faults, `${what}\n${logs.join('\n')}`).toEqual([]);
  }
});
