import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, onOpen, reconnectOnCode, topics } from '../../../src/index.js';
import type { Lab, Socket } from './Lab.js';

interface Quote {
  symbol: string;
  seq: number;
}

const begin = (symbol: string, since: number | null = null) => ({ op: 'begin', symbol, since });
const end = (symbol: string) => ({ op: 'end', symbol });

const quotesOf = (socket: Socket) =>
  topics(socket, {
    keyOf: (message) => (message as Partial<Quote>).symbol,
    subscribe: (symbol: string, last) => begin(symbol, (last as Quote | undefined)?.seq),
    unsubscribe: end,
  });

export function topicsOfASubject(lab: Lab): void {
  describe('topics', () => {
    it('sends one request for a key, for its first consumer, and ends it after the last', async () => {
      const { peer, socket } = await lab.open();
      const quote = quotesOf(socket);
      const got: unknown[] = [];
      const all = ['a', 'b', 'a'].map((symbol) => quote(symbol).subscribe((message) => got.push([symbol, message])));
      expect(await peer.at(0).jsons(2)).toEqual([begin('a'), begin('b')]);
      const second = firstValueFrom(quote('b'));
      await peer.at(0).json({ symbol: 'a', seq: 1 });
      await peer.at(0).json({ symbol: 'b', seq: 2 });
      await second;
      const [a1, b2] = [{ symbol: 'a', seq: 1 }, { symbol: 'b', seq: 2 }];
      expect(got).toEqual([['a', a1], ['a', a1], ['b', b2]]);
      for (const subscription of all) subscription.unsubscribe();
      expect(await peer.at(0).jsons(4)).toEqual([begin('a'), begin('b'), end('b'), end('a')]);
    });

    it('S12: requests the live keys on each connection, after their last message, after the login and before the outbox', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(
        onOpen((open) => {
          open.send('login');
          return firstValueFrom(open.messages.pipe(filter((message) => message === 'welcome')));
        }),
        reconnectOnCode({ 1012: after(0) }),
      );
      const quote = quotesOf(socket);
      socket.next('value');
      const left = quote('c').subscribe();
      quote('a').subscribe();
      const first = firstValueFrom(quote('b'));
      expect(await peer.at(0).jsons(1)).toEqual(['login']);
      await peer.at(0).json('welcome');
      const asked = [begin('c'), begin('a'), begin('b')];
      expect(await peer.at(0).jsons(5)).toEqual(['login', ...asked, 'value']);
      const seen = firstValueFrom(quote('a'));
      await peer.at(0).json({ symbol: 'b', seq: 6 });
      await first;
      await peer.at(0).json({ symbol: 'a', seq: 7 });
      await seen;
      await peer.at(0).close(1012);
      expect(await peer.at(1).jsons(1)).toEqual(['login']);
      left.unsubscribe();
      socket.next('next value');
      await peer.at(1).json('welcome');
      expect(await peer.at(1).jsons(3)).toEqual(['login', begin('a', 7), 'next value']);
      expect((await peer.at(0).gone()).texts.at(-1)).toBe(JSON.stringify(end('b')));
    });

    it('S2: complete with a clean end and error with an unclean one; the next subscription is a new session', async () => {
      const peer = await lab.peer();
      const quote = quotesOf(lab.socket(peer));
      const terminal = (symbol: string) =>
        new Promise<unknown>((resolve) => {
          quote(symbol).subscribe({ complete: () => resolve('complete'), error: (error: unknown) => resolve((error as Error).name) });
        });
      const clean = Promise.all([terminal('a'), terminal('b')]);
      await peer.at(0).texts(2);
      await peer.at(0).close(1012);
      expect(await clean).toEqual(['complete', 'complete']);
      const unclean = Promise.all([terminal('a'), terminal('b')]);
      await peer.at(1).texts(2);
      await peer.at(1).end();
      expect(await unclean).toEqual(['WebSocketCloseError', 'WebSocketCloseError']);
      expect((await peer.logs()).map(({ texts }) => texts.length)).toEqual([2, 2]);
    });

    it('S9: the last consumer ends its key, and then closes the connection', async () => {
      const peer = await lab.peer();
      const quote = quotesOf(lab.socket(peer));
      const subscription = quote('a').subscribe();
      await peer.at(0).texts(1);
      subscription.unsubscribe();
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
      expect((await peer.at(0).gone()).texts.map((text) => JSON.parse(text) as unknown)).toEqual([begin('a'), end('a')]);
    });
  });
}
