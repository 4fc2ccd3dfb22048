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

/** The topics of one connection to a server, and a way to end whatever was made. */
interface Topics {
  topic(key: string): Observable<unknown>;
  next(value: string): void;
}
type MakeTopics = (url: string) => Topics;

/** As programs that use `multiplex` write it. */
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

describe('defect 9: topics that are asked for and ended as if nobody else were there', () => {
  /** What does the server hear of two subscribers of one topic, of whom the first leaves? */
  async function ofTwo(make: MakeTopics): Promise<unknown[]> {
    const peer = await server.peer();
    const { topic, next } = make(peer.url);
    const [first, second] = [topic('a').subscribe(), topic('a').subscribe()];
    await peer.at(0).texts(1);
    first.unsubscribe();
    next('one is left');
    let texts: string[] = [];
    while (texts.at(-1) !== '"one is left"') texts = await peer.at(0).texts(texts.length + 1);
    second.unsubscribe();
    await peer.at(0).gone();
    return texts.map((text) => JSON.parse(text) as unknown);
  }

  it('two subscribers of one: with multiplex both ask, and the first to leave silences the other; topics() asks once', async () => {
    const silenced = ['sub a', 'sub a', 'unsub a', 'one is left'];
    expect(await ofTwo(multiplexed(rxjs))).toEqual(silenced);
    expect(await ofTwo(multiplexed(ours()))).toEqual(silenced);
    expect(await ofTwo(keyed)).toEqual(['sub a', 'one is left']);
  });

  /** What does the server hear on the next connection, when one is lost under two topics? */
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

  it('after a reconnect: rxjs/webSocket ends on the new connection what the old one was asked for; topics() does not', async () => {
    expect(await afterLoss(multiplexed(rxjs))).toEqual(['sub a', 'unsub b', 'sub b', 'last']);
    expect(await afterLoss(keyed)).toEqual(['sub a', 'sub b', 'last']);
  });
});
