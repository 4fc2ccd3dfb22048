import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { iterate, toWebStreams, webSocket } from '../../src/index.js';
import { bufferingSockets } from './bufferingSockets.js';
import { fakeSockets } from './FakeSocket.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;
const reachable = (some: WeakRef<object>[]): number => some.filter((reference) => reference.deref() !== undefined).length;

it('S15: does not retain a message that the consumer has taken, though others still wait', async () => {
  const sockets = fakeSockets();
  const references: WeakRef<object>[] = [];
  const deserializer = (): object => {
    const message = {};
    references.push(new WeakRef(message));
    return message;
  };
  const messages = iterate(webSocket<object>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, deserializer }), { highWaterMark: 1_000 });
  const first = messages.next();
  sockets.last.open();
  for (let n = 0; n < 601; n++) sockets.last.message(n);
  await first;
  for (let n = 0; n < 200; n++) await messages.next();
  // The target of a new WeakRef is kept until the task is over, and the last result for a while.
  await nextTurn();
  collectGarbage();

  // The first of them is in the promise above.
  expect(reachable(references.slice(1, 200))).toBe(0);
  expect(reachable(references.slice(201))).toBe(400);
  await messages.return?.();
  sockets.last.closeClean(1000);
});

it('S15: does not retain a value that the transport has taken, though others still wait', async () => {
  const sockets = bufferingSockets();
  const outbox = { highWaterMark: 10, lowWaterMark: 10, maxValues: 10 };
  const socket = webSocket<never, object>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, outbox });
  const subscription = socket.subscribe();
  sockets.last.open();
  const references: WeakRef<object>[] = [];
  const send = (): void => {
    const value = { of: 'ten bytes' };
    references.push(new WeakRef(value));
    socket.next(value);
  };
  for (let n = 0; n < 4; n++) send();
  for (let n = 0; n < 200; n++) {
    sockets.last.sendAllBut(0);
    send();
  }
  await nextTurn();
  collectGarbage();

  expect(sockets.last.sent).toHaveLength(201);
  expect(reachable(references.slice(0, 200))).toBe(0);
  subscription.unsubscribe();
  sockets.last.closeClean(1000);
});

it('S15: does not retain the sessions that are over', async () => {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const references: WeakRef<object>[] = [];
  for (let n = 0; n < 20; n++) {
    socket.events.subscribe((event) => event.type === 'close' && references.push(new WeakRef(event)));
    sockets.last.open();
    sockets.last.closeClean(1012);
  }
  sockets.made.length = 0;
  await nextTurn();
  collectGarbage();

  // The last close is the one of the status.
  expect(reachable(references.slice(0, -1))).toBe(0);
});

it('S15: does not retain a pair of streams that was cancelled, while the session goes on', async () => {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const subscription = socket.subscribe();
  sockets.last.open();
  const references: WeakRef<object>[] = [];
  for (let n = 0; n < 20; n++) {
    const streams = toWebStreams(socket);
    references.push(new WeakRef(streams.readable), new WeakRef(streams.writable));
    await streams.readable.cancel();
  }
  await nextTurn();
  collectGarbage();

  // The last pair is still held by variables.
  expect(reachable(references.slice(0, -2))).toBe(0);
  subscription.unsubscribe();
  sockets.last.closeClean(1000);
});
