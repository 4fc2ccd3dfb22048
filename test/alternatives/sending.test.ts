import { retry, Subject } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';
import { ours, rxjs, type Library } from './library.js';

const server = serverAt(inject('serverUrl'));

/** An `openObserver`, and promises for its first two calls. */
function countingOpens() {
  const resolves: (() => void)[] = [];
  const opens = [0, 1].map(() => new Promise<void>((resolve) => resolves.push(resolve)));
  let opened = 0;
  return { opens, openObserver: { next: () => resolves[opened++]?.() } };
}

describe('defect 9: values meant for one connection are sent on the next', () => {
  /** Returns the pings that the second connection reads: two are due during its handshake, one when it is open. */
  async function pings({ pinging }: Library) {
    const peer = await server.peer({}, { handshake: 'hold' });
    const ticks = new Subject<void>();
    const { opens, openObserver } = countingOpens();
    const recording = new Recording(pinging({ url: peer.url, openObserver }, 'ping', ticks));
    await opens[0];
    ticks.next();
    expect(await peer.at(0).texts(1)).toEqual(['"ping"']);
    await peer.at(0).end();
    await peer.at(1).requested();
    ticks.next();
    ticks.next();
    await peer.at(1).answerHandshake();
    await opens[1];
    ticks.next();
    await peer.at(1).texts(1);
    recording.subscription.unsubscribe();
    return (await peer.at(1).gone()).texts;
  }

  it('pings: rxjs/webSocket queues those due meanwhile and sends them all; ours stop with their connection', async () => {
    expect(await pings(rxjs)).toEqual(['"ping"', '"ping"', '"ping"']);
    expect(await pings(ours())).toEqual(['"ping"']);
  });

  /** Returns what the second connection reads of two multiplexed topics that are retried. */
  async function topicsAfterADrop({ webSocket }: Library) {
    const peer = await server.peer({});
    const socket = webSocket<string>({ url: peer.url });
    const topics = ['A', 'B'].map((name) => new Recording(socket.multiplex(() => `sub ${name}`, () => `unsub ${name}`, () => true).pipe(retry(1)))); // prettier-ignore
    expect(await peer.at(0).jsons(2)).toEqual(['sub A', 'sub B']);
    await peer.at(0).end();
    await peer.at(1).texts(2);
    socket.next('the last');
    socket.complete();
    await Promise.all(topics.map(({ ended }) => ended));
    return (await peer.at(1).gone()).texts.map((text) => JSON.parse(text) as unknown);
  }

  it('topics, after a drop: rxjs/webSocket unsubscribes from a topic that the connection never had; ours only subscribes', async () => {
    expect(await topicsAfterADrop(rxjs)).toEqual(['sub A', 'unsub B', 'sub B', 'the last']);
    expect(await topicsAfterADrop(ours())).toEqual(['sub A', 'sub B', 'the last']);
  });
});

describe('defect 10: a login cannot be sent first', () => {
  /** Returns, in the order of the server, two queued values and a login that is sent as soon as the connection opens. */
  async function login({ greeting }: Library) {
    const peer = await server.peer({});
    const socket = greeting({ url: peer.url }, 'login');
    socket.next('first');
    socket.next('second');
    const recording = new Recording(socket);
    const texts = await peer.at(0).jsons(3);
    recording.subscription.unsubscribe();
    await peer.at(0).gone();
    return texts;
  }

  it('rxjs/webSocket sends its queue before what an open handler sends; ours sends first what onOpen sends', async () => {
    expect(await login(rxjs)).toEqual(['first', 'second', 'login']);
    expect(await login(ours())).toEqual(['login', 'first', 'second']);
  });
});
