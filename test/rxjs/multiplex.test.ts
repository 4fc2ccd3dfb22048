import { map, repeat, retry, take, takeWhile, type Observable } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { webSocket, type WebSocketSubject } from '../../src/index.js';
import { withServer } from './withServer.js';

interface Quote {
  topic: string;
  price: number;
  last?: boolean;
}

const url = 'ws://127.0.0.1/quotes';
const quote = (topic: string, price: number): Quote => ({ topic, price });
const sub = { sub: 'EUR' };
const unsub = { unsub: 'EUR' };

/** The quotes of one topic, as code for rxjs/webSocket subscribes to them. */
const quotesOf = (subject: WebSocketSubject<any>, topic: string): Observable<Quote> =>
  subject.multiplex(
    () => ({ sub: topic }),
    () => ({ unsub: topic }),
    (message: Quote) => message.topic === topic,
  );

const platform = withServer();

describe('multiplex', () => {
  it('subscribes, filters, unsubscribes, and closes the socket with its last subscriber', () => {
    const prices: number[] = [];
    const subscription = quotesOf(webSocket(url), 'EUR').subscribe(({ price }) => prices.push(price));
    const socket = platform.last();
    socket.accept();
    expect(socket.received).toEqual([sub]);

    for (const value of [quote('EUR', 1), quote('USD', 2), quote('EUR', 3), quote('JPY', 4)]) socket.send(value);
    expect(prices).toEqual([1, 3]);
    expect(socket.closedWith).toBeNull();

    subscription.unsubscribe();
    expect(socket.received).toEqual([sub, unsub]);
    expect(socket.closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('can be retried: it subscribes again on the connection after a lost one', () => {
    const prices: number[] = [];
    quotesOf(webSocket(url), 'EUR')
      .pipe(
        retry(1),
        map(({ price }) => price),
        take(2),
      )
      .subscribe((price) => prices.push(price));
    const first = platform.last();
    first.accept();
    expect(first.received).toEqual([sub]);
    first.drop();

    const second = platform.last();
    expect(second).not.toBe(first);
    second.accept();
    expect(second.received).toEqual([sub]);
    for (const value of [quote('EUR', 1), quote('EUR', 2)]) second.send(value);
    expect(prices).toEqual([1, 2]);
  });

  it('can be repeated: it subscribes again on the connection after a clean close', () => {
    const prices: number[] = [];
    quotesOf(webSocket(url), 'EUR')
      .pipe(repeat(2))
      .subscribe(({ price }) => prices.push(price));
    const first = platform.last();
    first.accept();
    expect(first.received).toEqual([sub]);
    for (const value of [quote('EUR', 1), quote('EUR', 2)]) first.send(value);
    first.close(1005);

    const second = platform.last();
    expect(second).not.toBe(first);
    second.accept();
    expect(second.received).toEqual([sub]);
    for (const value of [quote('EUR', 3), quote('EUR', 4)]) second.send(value);
    second.close(1005);
    expect(prices).toEqual([1, 2, 3, 4]);
    expect(platform.server.connections).toHaveLength(2);
  });

  /** Two topics of one subject, each of which logs its notifications and the calls of its `unsubMsg`. */
  function twoTopics(log: string[]) {
    const subject = webSocket<any>({ url });
    return ['A', 'B'].map((topic) =>
      subject
        .multiplex(
          () => 'on',
          () => log.push(`${topic} unsubMsg`),
          (message: Quote) => message.topic === topic,
        )
        .pipe(takeWhile(({ last }: Quote) => last !== true))
        .subscribe({
          next: () => log.push(`${topic} next`),
          complete: () => log.push(`${topic} complete`),
          error: () => log.push(`${topic} error`),
        }),
    );
  }

  it('shares one socket, which stays open when one of two unsubscribes; unsubMsg is called at the end of each, also when the socket ends', () => {
    const log: string[] = [];
    const [a] = twoTopics(log);
    const socket = platform.last();
    socket.accept();
    socket.send(quote('A', 1));
    a?.unsubscribe();
    expect(socket.closedWith).toBeNull();
    for (const value of [quote('B', 2), quote('A', 3), quote('B', 4)]) socket.send(value);
    socket.close(1005);

    expect(log).toEqual(['A next', 'A unsubMsg', 'B next', 'B next', 'B complete', 'B unsubMsg']);
    expect(platform.server.connections).toEqual([socket]);
  });

  it('keeps the socket open until the last of two has completed', () => {
    const log: string[] = [];
    twoTopics(log);
    const socket = platform.last();
    socket.accept();
    for (const value of [quote('A', 1), quote('B', 2), { ...quote('A', 3), last: true }]) socket.send(value);
    expect(socket.closedWith).toBeNull();
    for (const value of [quote('B', 4), { ...quote('B', 5), last: true }]) socket.send(value);
    expect(socket.closedWith).toEqual({ code: 1000, reason: '' });

    expect(log.filter((line) => line.startsWith('A'))).toEqual(['A next', 'A complete', 'A unsubMsg']);
    expect(log.filter((line) => line.startsWith('B'))).toEqual(['B next', 'B next', 'B complete', 'B unsubMsg']);
  });

  it('sends unsubMsg only on the connection that took subMsg', () => {
    const subject = webSocket<any>(url);
    const subscription = quotesOf(subject, 'EUR').pipe(retry(1)).subscribe();
    platform.last().accept();
    platform.last().drop();
    platform.last().accept();
    expect(platform.last().received).toEqual([sub]);
    subscription.unsubscribe();
    expect(platform.last().received).toEqual([sub, unsub]);
    expect(platform.server.connections.map(({ received }) => received)).toEqual([[sub], [sub, unsub]]);
  });
});
