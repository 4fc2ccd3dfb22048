import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { webSocket } from '../../src/index.js';
import { FakeSocket } from './FakeSocket.js';
import { platformSockets } from './platformSockets.js';
import { recorded } from './recorded.js';

// The build for platforms other than Node, without a page.

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('S3: an open connection has no timer outside of Node, whose platforms end a silent connection by themselves', () => {
  const { made, WebSocketCtor } = platformSockets();
  const seen = recorded(webSocket<number>({ url: 'ws://fake', WebSocketCtor }).events);
  made[0]?.open();
  expect([seen.log, vi.getTimerCount()]).toEqual([['connecting 0', 'open 0'], 0]);
  seen.unsubscribe();
  made[0]?.closeClean(1000);
});

it('transportOptions are given to the constructor as they are, with keys of any name', () => {
  const got: unknown[][] = [];
  class Keeping extends FakeSocket {
    constructor(...args: [string, ...unknown[]]) {
      super(args[0]);
      got.push(args);
    }
  }
  for (const transportOptions of [{ header: 1 }, undefined]) {
    const socket = webSocket({ url: 'ws://fake', WebSocketCtor: Keeping, transportOptions });
    recorded(socket.events);
    socket.close();
  }
  expect(got).toEqual([['ws://fake', undefined, { header: 1 }], ['ws://fake']]);
});
