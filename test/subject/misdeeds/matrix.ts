import { expect, vi } from 'vitest';
import { callbacks, type Flavour } from './callbacks.js';
import { isLeftOut } from './leftOut.js';
import { lives, type Life } from './lives.js';
import { answering, doing, throwing, type Plan } from './misdeeds.js';
import { play } from './play.js';

/** Whose errors nobody is told, and why. */
const neverTold: Readonly<Record<string, string>> = {
  onUnhandledError: 'there is nobody left to tell',
  parse: 'it may have met the reason of somebody else, which is no hint',
  'transport.close': 'the connection is given up anyway',
  'transport.terminate': 'likewise',
  'transport.on': 'such a transport has no pings',
  'transport.pause': 'such a transport is one that cannot be paused',
  'transport.ping': 'heartbeat finds the connection dead',
};

/** Has a callback do every misdeed, once, and again and again, each in one of the lives in which it is called, and finds nothing wrong. */
export async function misbehave(name: string): Promise<void> {
  const { flavours = [{}], isAsked } = callbacks[name] ?? {};
  const misdeeds = Object.entries({ ...throwing, ...(isAsked ? answering : {}), ...doing }).filter(([what]) => !isLeftOut(name, what));
  const wrong: Record<string, readonly string[]> = {};
  vi.useFakeTimers();
  try {
    for (const flavour of flavours) {
      const called = await livesThatCall(name, flavour);
      expect(called, `no life calls ${name}`).not.toEqual([]);
      for (const [i, [whatItDoes, misdeed]] of misdeeds.entries()) {
        for (const [j, times] of [1, 4].entries()) {
          // Others for the next misdeed, so that each callback gets to all of them.
          const [what, life] = called[(i + j) % called.length] as [string, Life];
          const plan: Plan = (callback, count) => (callback === name && count <= times ? misdeed : undefined);
          const outcome = await play(plan, life, flavour, (callback) => callback in neverTold || life.cutsShort === true);
          const faults = outcome.done > 0 ? outcome.faults : ['it was not done'];
          if (faults.length > 0) wrong[`${name} ${whatItDoes}, up to ${times} times, and the subject ${what}, ${JSON.stringify(flavour)}`] = faults;
        }
      }
    }
  } finally {
    vi.useRealTimers();
  }
  expect(wrong).toEqual({});
}

async function livesThatCall(name: string, flavour: Partial<Flavour>): Promise<[string, Life][]> {
  const found: [string, Life][] = [];
  for (const [what, life] of Object.entries(lives)) if ((await play(() => undefined, life, flavour)).calls.has(name)) found.push([what, life]);
  return found;
}
