import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Subject } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';
import { ours, rxjs, type Library } from './library.js';

const server = serverAt(inject('serverUrl'));
const count = 100_000;

setFlagsFromString('--expose-gc');
/** In rxjs 7.4 what a subscription to a Subject holds is its list of observers; in today's it is the Subject itself, and with it the queue. */
const subscriptionsHoldSubjects = 'currentObservers' in new Subject();

const collectGarbage = runInNewContext('gc') as () => void;

describe('defect 14: what was queued stays in memory after it was sent', () => {
  /** Sends objects that were queued before the open, and tells how many of them can still be reached once the server has them all. */
  async function program({ webSocket }: Library) {
    const peer = await server.peer({});
    const socket = webSocket<{ n: number }>({ url: peer.url });
    const queued = Array.from({ length: count }, (_, n) => {
      const value = { n };
      socket.next(value);
      return new WeakRef(value);
    });
    const heard = new Heard(socket);
    await peer.at(0).texts(count);
    // What a WeakRef gave or was made of is kept until the turn is over.
    await nextTurn();
    collectGarbage();
    const reachable = queued.filter((value) => value.deref() !== undefined).length;
    heard.subscription.unsubscribe();
    await peer.at(0).gone();
    await peer.dispose();
    return reachable;
  }

  it('rxjs/webSocket keeps all 100,000 objects while the connection lasts; ours keeps none', async () => {
    expect(await program(rxjs)).toBe(subscriptionsHoldSubjects ? count : 0);
    expect(await program(ours({ outbox: { maxValues: count } }))).toBe(0);
  }, 30_000);
});
