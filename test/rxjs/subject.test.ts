import { map } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { webSocket } from '../../src/index.js';
import { record } from './record.js';
import { ScriptedSocket } from './ScriptedSocket.js';
import { withScriptedSockets } from './withScriptedSockets.js';

const url = 'ws://127.0.0.1/quotes';

withScriptedSockets();

describe('code for rxjs/webSocket with a URL', () => {
  it('connects when subscribed, sends JSON and receives JSON', () => {
    const subject = webSocket<string>(url);
    subject.next('marco');
    const { log } = record(subject);
    expect(ScriptedSocket.last.url).toBe(url);

    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"marco"']);
    ScriptedSocket.last.receives('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it('receives objects parsed from JSON', () => {
    const values: unknown[] = [];
    webSocket(url).subscribe((value) => values.push(value));
    ScriptedSocket.last.opens();
    ScriptedSocket.last.receivesFrame('{"price":[1,null]}');
    expect(values).toEqual([{ price: [1, null] }]);
  });

  it('receives every message, in order', () => {
    const { log } = record(webSocket(url));
    ScriptedSocket.last.opens();
    ScriptedSocket.last.receives(1, 2, 3, 4);
    expect(log).toEqual(['next 1', 'next 2', 'next 3', 'next 4']);
  });

  it('applies operators, even to a message that a mock delivers before it opens', () => {
    const { log } = record(webSocket<number>(url).pipe(map((price) => price * 2)));
    ScriptedSocket.last.receives(21);
    expect(log).toEqual(['next 42']);
  });
});

describe('next()', () => {
  it('before the first subscription does not connect, and the value waits for an open connection', () => {
    const subject = webSocket<string>(url);
    for (const value of ['a', 'b', 'c']) subject.next(value);
    expect(ScriptedSocket.made).toEqual([]);

    subject.subscribe();
    expect(ScriptedSocket.last.sent).toEqual([]);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"a"', '"b"', '"c"']);
  });

  it('on an open connection sends within the call', () => {
    const subject = webSocket<string>(url);
    subject.subscribe();
    ScriptedSocket.last.opens();
    subject.next('a');
    expect(ScriptedSocket.last.sent).toEqual(['"a"']);
    subject.next('b');
    expect(ScriptedSocket.last.sent).toEqual(['"a"', '"b"']);
  });
});

describe('complete()', () => {
  it('closes the socket, and completes once the server has answered', () => {
    const subject = webSocket(url);
    const { log } = record(subject);
    const socket = ScriptedSocket.last;
    socket.opens();
    expect(socket.readyState).toBe(1);
    expect(socket.closeCalls).toEqual([]);

    subject.complete();
    expect(socket.closeCalls).toEqual([[1000]]);
    expect(socket.readyState).toBe(2);
    expect(log).toEqual([]);
    socket.ends({ wasClean: true });
    expect(log).toEqual(['complete']);
  });

  it('leaves the subject usable: later values are sent on the connection of the next subscriber', () => {
    const subject = webSocket<string>(url);
    subject.subscribe();
    const first = ScriptedSocket.last;
    first.opens();
    subject.complete();

    subject.next('for the next one');
    subject.subscribe();
    expect(ScriptedSocket.made).toHaveLength(2);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"for the next one"']);
    expect(first.sent).toEqual([]);
  });
});

describe('error({ code, reason })', () => {
  it('closes with a code that may be sent, and subscribers receive the end of that close', () => {
    const subject = webSocket(url);
    const { log } = record(subject);
    ScriptedSocket.last.opens();
    subject.error({ code: 4337, reason: 'enough' });
    expect(ScriptedSocket.last.closeCalls).toEqual([[4337, 'enough']]);
    ScriptedSocket.last.ends({ code: 4337, reason: 'enough', wasClean: true });
    expect(log).toEqual(['complete']);
  });

  it('closes with 1000 instead of a code that may not be sent, such as 1337, and is the error that subscribers get', () => {
    const subject = webSocket(url);
    const errors: unknown[] = [];
    subject.subscribe({ error: (error: unknown) => errors.push(error) });
    ScriptedSocket.last.opens();
    const error = { code: 1337, reason: 'enough' };
    subject.error(error);
    expect(ScriptedSocket.last.closeCalls).toEqual([[1000]]);
    ScriptedSocket.last.ends({ code: 1000, wasClean: true });
    expect(errors).toEqual([error]);
    expect(errors[0]).toBe(error);
  });

  it('leaves the subject usable: later values are sent on the connection of the next subscriber', () => {
    const subject = webSocket<string>(url);
    subject.subscribe();
    ScriptedSocket.last.opens();
    subject.error({ code: 4337 });

    subject.next('for the next one');
    subject.subscribe();
    expect(ScriptedSocket.made).toHaveLength(2);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"for the next one"']);
  });
});

describe.each([
  ['unsubscribe() of the subject', 'subject'],
  ['unsubscribe() of its only subscription', 'subscription'],
] as const)('%s', (_, which) => {
  function unsubscribed(before: (socket: ScriptedSocket) => void): ScriptedSocket {
    const subject = webSocket(url);
    const subscription = subject.subscribe();
    before(ScriptedSocket.last);
    (which === 'subject' ? subject : subscription).unsubscribe();
    return ScriptedSocket.last;
  }

  it('closes an open socket', () => {
    const socket = unsubscribed((open) => open.opens());
    expect(socket.closeCalls).toEqual([[1000]]);
    expect(socket.readyState).toBe(2);
  });

  it('closes a connecting socket at once', () => {
    const socket = unsubscribed(() => undefined);
    expect(socket.closeCalls).toHaveLength(1);
    expect(socket.readyState).toBe(2);
  });

  it('closes a socket that opens afterwards', () => {
    const socket = unsubscribed(() => undefined);
    socket.closeCalls.length = 0;
    socket.opens();
    expect(socket.closeCalls).toHaveLength(1);
    expect(socket.readyState).toBe(2);
  });
});

describe('a subject that is unsubscribed while connecting and subscribed again', () => {
  it('ignores the end of its first socket', () => {
    const subject = webSocket(url);
    subject.subscribe().unsubscribe();
    const first = ScriptedSocket.last;
    expect(first.readyState).toBe(2);

    const { log, subscription } = record(subject);
    const second = ScriptedSocket.last;
    expect(second).not.toBe(first);
    second.opens();
    first.ends({ wasClean: true });
    expect(log).toEqual([]);
    expect(second.readyState).toBe(1);
    expect(second.closeCalls).toEqual([]);

    subscription.unsubscribe();
    expect(second.closeCalls).toEqual([[1000]]);
    expect(second.readyState).toBe(2);
  });
});

describe('the members of a Subject', () => {
  it('asObservable() returns the messages without the means to send', () => {
    const observable = webSocket(url).asObservable();
    const { log } = record(observable);
    ScriptedSocket.last.opens();
    ScriptedSocket.last.receives(1);
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
