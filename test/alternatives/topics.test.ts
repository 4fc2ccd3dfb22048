import { retry, type Observable } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { after, reconnectOnCode, topics, webSocket } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { ours, rxjs, type Library } from './library.js';

const server = serverAt(inject('serverUrl'));

interface Message {
  topic: string;
  n: number;
}

/** The topics of one connection, and a way to send on it. */
interface Topics {
  topic(key: string): Observable<unknown>;
  next(value: string): void;
}
type MakeTopics = (url: string) => Topics;

/** Topics as code that uses `multiplex` makes them. */
const multiplexed =
  ({ webSocket: make }: Library): MakeTopics =>
  (url) => {
    const socket = make<unknown>({ url }) as ReturnType<Library['webSocket']> & {
      multiplex(sub: () => unknown, unsub: () => unknown, filter: (message: unknown) => boolean): Observable<unknown>;
    };
    return {
      topic: (key) => socket.multiplex(() => `sub ${key}`, () => `unsub ${key}`, (message) => (message as Message).topic === key), // prettier-ignore
      next: (value) => socket.next(value),
    };
  };

const keyed: MakeTopics = (url) => {
  const socket = webSocket<unknown>({ url }).pipeEvents(reconnectOnCode({ 1006: after(0) }));
  const topic = topics(socket, {
    keyOf: (message) => (message as Message).topic,
    subscribe: (key: string) => `sub ${key}`,
    unsubscribe: (key) => `unsub ${key}`,
  });
  return { topic, next: (value) => socket.next(value) };
};

describe('defect 9: each subscriber subscribes to and ends a topic as if it were the only one', () => {
  /** Returns what the server reads of two subscribers of one topic, the first of which unsubscribes. */
  async function sharedTopic(make: MakeTopics): Promise<unknown[]> {
    const peer = await server.peer();
    const { topic, next } = make(peer.url);
    const [first, second] = [topic('a').subscribe(), topic('a').subscribe()];
    await peer.at(0).texts(1);
    first.unsubscribe();
    next('one unsubscribed');
    let texts: string[] = [];
    while (texts.at(-1) !== '"one unsubscribed"') texts = await peer.at(0).texts(texts.length + 1);
    second.unsubscribe();
    await peer.at(0).gone();
    return texts.map((text) => JSON.parse(text) as unknown);
  }

  it('two subscribers: with multiplex both subscribe, and the first to unsubscribe ends the topic of the other; topics() subscribes once', async () => {
    const ended = ['sub a', 'sub a', 'unsub a', 'one unsubscribed'];
    expect(await sharedTopic(multiplexed(rxjs))).toEqual(ended);
    expect(await sharedTopic(multiplexed(ours()))).toEqual(ended);
    expect(await sharedTopic(keyed)).toEqual(['sub a', 'one unsubscribed']);
  });

  /** Returns what the server reads on the connection after one that was lost with two topics. */
  async function afterLoss(make: MakeTopics): Promise<unknown[]> {
    const peer = await server.peer();
    const { topic, next } = make(peer.url);
    const both = ['a', 'b'].map((key) => topic(key).pipe(retry(1)).subscribe());
    await peer.at(0).texts(2);
    await peer.at(0).end();
    await peer.at(1).opened();
    next('last');
    let texts: string[] = [];
    while (texts.at(-1) !== '"last"') texts = await peer.at(1).texts(texts.length + 1);
    for (const subscription of both) subscription.unsubscribe();
    await peer.at(1).gone();
    return texts.map((text) => JSON.parse(text) as unknown);
  }

  it('after a reconnect: rxjs/webSocket ends a topic of the old connection on the new one; topics() does not', async () => {
    expect(await afterLoss(multiplexed(rxjs))).toEqual(['sub a', 'unsub b', 'sub b', 'last']);
    expect(await afterLoss(keyed)).toEqual(['sub a', 'sub b', 'last']);
  });
});
