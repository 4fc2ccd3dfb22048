import { retry, Subject } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';
import { ours, rxjs, type Library } from './library.js';

const server = serverAt(inject('serverUrl'));

/** An `openObserver`, and a promise for its n-th call. */
function countingOpens() {
  const resolves: (() => void)[] = [];
  const opens = [0, 1].map(() => new Promise<void>((resolve) => resolves.push(resolve)));
  let opened = 0;
  return { opens, openObserver: { next: () => resolves[opened++]?.() } };
}

describe('defect 9: what was meant for one connection is sent on the next', () => {
  /** Which pings does the second connection read, when two were due while its handshake was under way and one when it is open? */
  async function pings({ pinging }: Library) {
    const peer = await server.peer({}, { handshake: 'hold' });
    const ticks = new Subject<void>();
    const { opens, openObserver } = countingOpens();
    const heard = new Heard(pinging({ url: peer.url, openObserver }, 'ping', ticks));
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
    heard.subscription.unsubscribe();
    return (await peer.at(1).gone()).texts;
  }

  it('pings: rxjs/webSocket keeps those that were due meanwhile, and sends them all; of ours, those of a connection end with it', async () => {
    expect(await pings(rxjs)).toEqual(['"ping"', '"ping"', '"ping"']);
    expect(await pings(ours())).toEqual(['"ping"']);
  });

  /** What does the second connection read of two multiplexed topics that are retried? */
  async function topicsAfterADrop({ webSocket }: Library) {
    const peer = await server.peer({});
    const socket = webSocket<string>({ url: peer.url });
    const topics = ['A', 'B'].map((name) => new Heard(socket.multiplex(() => `sub ${name}`, () => `unsub ${name}`, () => true).pipe(retry(1)))); // prettier-ignore
    expect(await peer.at(0).jsons(2)).toEqual(['sub A', 'sub B']);
    await peer.at(0).end();
    await peer.at(1).texts(2);
    socket.next('the last');
    socket.complete();
    await Promise.all(topics.map(({ ended }) => ended));
    return (await peer.at(1).gone()).texts.map((text) => JSON.parse(text) as unknown);
  }

  it('topics, after a drop: rxjs/webSocket sends an unsubscribe for what the connection never had; ours subscribes, and that is all', async () => {
    expect(await topicsAfterADrop(rxjs)).toEqual(['sub A', 'unsub B', 'sub B', 'the last']);
    expect(await topicsAfterADrop(ours())).toEqual(['sub A', 'sub B', 'the last']);
  });
});

describe('defect 10: a login cannot come first', () => {
  /** In which order does the server read two values that were queued, and a login that is sent as soon as the connection is open? */
  async function program({ greeting }: Library) {
    const peer = await server.peer({});
    const socket = greeting({ url: peer.url }, 'login');
    socket.next('first');
    socket.next('second');
    const heard = new Heard(socket);
    const texts = await peer.at(0).jsons(3);
    heard.subscription.unsubscribe();
    await peer.at(0).gone();
    return texts;
  }

  it('rxjs/webSocket sends its queue before anything that an open handler gives it; ours sends what onOpen sends first', async () => {
    expect(await program(rxjs)).toEqual(['first', 'second', 'login']);
    expect(await program(ours())).toEqual(['login', 'first', 'second']);
  });
});
