import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Subject } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';
import { ours, rxjs, type Library } from './library.js';

const server = serverAt(inject('serverUrl'));
const count = 100_000;

setFlagsFromString('--expose-gc');
/** In rxjs 7.4 a subscription to a Subject holds its list of observers; in newer versions it holds the Subject, and with it the queue. */
const subscriptionsHoldSubjects = 'currentObservers' in new Subject();

const collectGarbage = runInNewContext('gc') as () => void;

describe('defect 14: queued values stay in memory after they were sent', () => {
  /** Sends objects that were queued before the open; returns how many are still reachable once the server has them all. */
  async function reachableAfterSending({ webSocket }: Library) {
    const peer = await server.peer({});
    const socket = webSocket<{ n: number }>({ url: peer.url });
    const queued = Array.from({ length: count }, (_, n) => {
      const value = { n };
      socket.next(value);
      return new WeakRef(value);
    });
    const recording = new Recording(socket);
    await peer.at(0).texts(count);
    // The target of a WeakRef is kept alive until the current task ends.
    await nextTurn();
    collectGarbage();
    const reachable = queued.filter((value) => value.deref() !== undefined).length;
    recording.subscription.unsubscribe();
    await peer.at(0).gone();
    await peer.dispose();
    return reachable;
  }

  it('rxjs/webSocket keeps all 100,000 objects as long as the connection is open; ours keeps none', async () => {
    expect(await reachableAfterSending(rxjs)).toBe(subscriptionsHoldSubjects ? count : 0);
    expect(await reachableAfterSending(ours({ outbox: { maxValues: count } }))).toBe(0);
  }, 30_000);
});
