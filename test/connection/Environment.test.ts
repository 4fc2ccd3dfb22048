import { expect, it, vi } from 'vitest';
import { currentEnvironment, withEnvironment } from '../../src/connection/Environment.js';
import { FakeSocket } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';
import { setUpFake } from '../subject/setUp.js';

it('an environment is that of the factory only, and of one inside it another, also where they throw', () => {
  const outside = currentEnvironment();
  const [outer, inner] = [{ connectTimeout: 1 }, { connectTimeout: 2 }];
  const broken = (): never => {
    expect(currentEnvironment()).toBe(inner);
    throw new Error('broken');
  };
  withEnvironment(outer, () => {
    expect(() => withEnvironment(inner, broken)).toThrow('broken');
    expect(currentEnvironment()).toBe(outer);
  });
  expect(currentEnvironment()).toBe(outside);
});

it('transports and timers are made in its scope', () => {
  let isInScope = false;
  const scope = <T>(work: () => T): T => {
    isInScope = true;
    try {
      return work();
    } finally {
      isInScope = false;
    }
  };
  const made: unknown[] = [];
  const timer = vi.spyOn(globalThis, 'setTimeout').mockImplementation(() => (made.push(['timer', isInScope]), undefined as never));
  class Scoped extends FakeSocket {
    constructor(url: string) {
      super(url);
      made.push(['transport', isInScope]);
    }
  }
  const { socket } = withEnvironment({ scope }, () => setUpFake({ WebSocketCtor: Scoped }));
  recorded(socket.events);
  timer.mockRestore();
  socket.close();
  expect([made, isInScope]).toEqual([[['timer', true], ['transport', true]], false]);
});
