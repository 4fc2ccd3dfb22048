import { map } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { webSocket } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { record } from './record.js';
import { withServer } from './withServer.js';

const url = 'ws://127.0.0.1/quotes';

const platform = withServer();

describe('code for rxjs/webSocket with a URL', () => {
  it('connects when subscribed, sends JSON and receives JSON', () => {
    const subject = webSocket<string>(url);
    subject.next('marco');
    const { log } = record(subject);
    expect(platform.last().url).toBe(url);

    platform.last().accept();
    expect(platform.last().received).toEqual(['marco']);
    platform.last().send('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it('receives objects parsed from JSON', () => {
    const values: unknown[] = [];
    webSocket(url).subscribe((value) => values.push(value));
    platform.last().accept();
    platform.last().sendText('{"price":[1,null]}');
    expect(values).toEqual([{ price: [1, null] }]);
  });

  it('receives every message, in order', () => {
    const { log } = record(webSocket(url));
    platform.last().accept();
    for (const value of [1, 2, 3, 4]) platform.last().send(value);
    expect(log).toEqual(['next 1', 'next 2', 'next 3', 'next 4']);
  });

  it('applies operators, even to a message that a mock delivers before it opens', () => {
    const mocks = fakeSockets();
    vi.stubGlobal('WebSocket', mocks.WebSocketCtor);
    const { log } = record(webSocket<number>(url).pipe(map((price) => price * 2)));
    mocks.last.message(21);
    expect(log).toEqual(['next 42']);
  });
});

describe('next()', () => {
  it('before the first subscription does not connect, and the value waits for an open connection', () => {
    const subject = webSocket<string>(url);
    for (const value of ['a', 'b', 'c']) subject.next(value);
    expect(platform.server.connections).toEqual([]);

    subject.subscribe();
    expect(platform.last().received).toEqual([]);
    platform.last().accept();
    expect(platform.last().received).toEqual(['a', 'b', 'c']);
  });

  it('on an open connection sends within the call', () => {
    const subject = webSocket<string>(url);
    subject.subscribe();
    platform.last().accept();
    subject.next('a');
    expect(platform.last().received).toEqual(['a']);
    subject.next('b');
    expect(platform.last().received).toEqual(['a', 'b']);
  });
});

describe('complete()', () => {
  it('closes the socket, and completes once the server has answered', () => {
    const subject = webSocket(url);
    const { log } = record(subject);
    const socket = platform.last();
    socket.accept();
    expect(socket.state).toBe('open');
    expect(socket.closedWith).toBeNull();

    subject.complete();
    expect(socket.closedWith).toEqual({ code: 1000, reason: '' });
    expect(socket.state).toBe('closing');
    expect(log).toEqual([]);
    socket.close(1005);
    expect(log).toEqual(['complete']);
  });

  it('leaves the subject usable: later values are sent on the connection of the next subscriber', () => {
    const subject = webSocket<string>(url);
    subject.subscribe();
    const first = platform.last();
    first.accept();
    subject.complete();

    subject.next('for the next one');
    subject.subscribe();
    expect(platform.server.connections).toHaveLength(2);
    platform.last().accept();
    expect(platform.last().received).toEqual(['for the next one']);
    expect(first.received).toEqual([]);
  });
});

describe('error({ code, reason })', () => {
  it('closes with a code that may be sent, and subscribers receive the end of that close', () => {
    const subject = webSocket(url);
    const { log } = record(subject);
    platform.last().accept();
    subject.error({ code: 4337, reason: 'enough' });
    expect(platform.last().closedWith).toEqual({ code: 4337, reason: 'enough' });
    platform.last().close(4337, 'enough');
    expect(log).toEqual(['complete']);
  });

  it('closes with 1000 instead of a code that may not be sent, such as 1337, and is the error that subscribers get', () => {
    const subject = webSocket(url);
    const errors: unknown[] = [];
    subject.subscribe({ error: (error: unknown) => errors.push(error) });
    platform.last().accept();
    const error = { code: 1337, reason: 'enough' };
    subject.error(error);
    expect(platform.last().closedWith).toEqual({ code: 1000, reason: '' });
    platform.last().close(1000);
    expect(errors).toEqual([error]);
    expect(errors[0]).toBe(error);
  });

  it('leaves the subject usable: later values are sent on the connection of the next subscriber', () => {
    const subject = webSocket<string>(url);
    subject.subscribe();
    platform.last().accept();
    subject.error({ code: 4337 });

    subject.next('for the next one');
    subject.subscribe();
    expect(platform.server.connections).toHaveLength(2);
    platform.last().accept();
    expect(platform.last().received).toEqual(['for the next one']);
  });
});

describe.each([
  ['unsubscribe() of the subject', 'subject'],
  ['unsubscribe() of its only subscription', 'subscription'],
] as const)('%s', (_, which) => {
  function unsubscribe(before: () => void): void {
    const subject = webSocket(url);
    const subscription = subject.subscribe();
    before();
    (which === 'subject' ? subject : subscription).unsubscribe();
  }

  it('closes an open socket', () => {
    unsubscribe(() => platform.last().accept());
    expect(platform.last().closedWith).toEqual({ code: 1000, reason: '' });
    expect(platform.last().state).toBe('closing');
  });

  it('closes a connecting socket at once', () => {
    unsubscribe(() => undefined);
    expect(platform.last().state).toBe('closed');
  });

  it('closes a socket that opens afterwards', () => {
    const mocks = fakeSockets();
    vi.stubGlobal('WebSocket', mocks.WebSocketCtor);
    unsubscribe(() => undefined);
    expect(mocks.last.closes).toHaveLength(1);
    mocks.last.open();
    expect(mocks.last.closes).toHaveLength(2);
  });
});

describe('a subject that is unsubscribed while connecting and subscribed again', () => {
  it('ignores the end of its first socket', async () => {
    const subject = webSocket(url);
    subject.subscribe().unsubscribe();
    const first = platform.last();
    expect(first.state).toBe('closed');

    const { log, subscription } = record(subject);
    const second = platform.last();
    expect(second).not.toBe(first);
    second.accept();
    await Promise.resolve(); // The first socket notifies its end in a microtask.
    expect(log).toEqual([]);
    expect(second.state).toBe('open');
    expect(second.closedWith).toBeNull();

    subscription.unsubscribe();
    expect(second.closedWith).toEqual({ code: 1000, reason: '' });
    expect(second.state).toBe('closing');
  });
});

describe('the members of a Subject', () => {
  it('asObservable() returns the messages without the means to send', () => {
    const observable = webSocket(url).asObservable();
    const { log } = record(observable);
    platform.last().accept();
    platform.last().send(1);
    expect(log).toEqual(['next 1']);
    expect(observable).not.toHaveProperty('next');
  });

  it('observed is true while there is a subscriber', () => {
    const subject = webSocket(url);
    expect(subject.observed).toBe(false);
    const subscription = subject.subscribe();
    expect(subject.observed).toBe(true);
    subscription.unsubscribe();
    expect(subject.observed).toBe(false);
  });

  it('closed is true from unsubscribe() to the next subscription', () => {
    const subject = webSocket(url);
    expect(subject.closed).toBe(false);
    subject.unsubscribe();
    expect(subject.closed).toBe(true);
    subject.subscribe();
    expect(subject.closed).toBe(false);
  });
});
