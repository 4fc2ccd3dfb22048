import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { webSocket } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

it('S15: holds no message any more that the consumer has taken, though others wait behind it', async () => {
  const sockets = fakeSockets();
  const references: WeakRef<object>[] = [];
  const deserializer = (): object => {
    const message = {};
    references.push(new WeakRef(message));
    return message;
  };
  const messages = webSocket<object>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, deserializer }).iterate({ highWaterMark: 1_000 });
  const first = messages.next();
  sockets.last.open();
  for (let n = 0; n < 601; n++) sockets.last.message(n);
  await first;
  for (let n = 0; n < 200; n++) await messages.next();
  // What a WeakRef was made of is kept until the turn is over, and the last result for a while.
  await nextTurn();
  collectGarbage();

  const reachable = (some: WeakRef<object>[]): number => some.filter((reference) => reference.deref() !== undefined).length;
  // The first of them is in the promise above.
  expect(reachable(references.slice(1, 200))).toBe(0);
  expect(reachable(references.slice(201))).toBe(400);
  await messages.return?.();
});
