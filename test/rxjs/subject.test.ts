import { map } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { webSocket } from '../../src/index.js';
import { record } from './record.js';
import { ScriptedSocket } from './ScriptedSocket.js';
import { withScriptedSockets } from './withScriptedSockets.js';

const url = 'ws://127.0.0.1/quotes';

// The transport is chosen as in a browser: the platform's own.
vi.mock('#transport', () => import('../../src/transport/platform.js'));
withScriptedSockets();

describe('a program for rxjs/webSocket that is given a URL', () => {
  it('connects to it when subscribed to, sends JSON and receives JSON', () => {
    const subject = webSocket<string>(url);
    subject.next('marco');
    const { log } = record(subject);
    expect(ScriptedSocket.last.url).toBe(url);

    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"marco"']);
    ScriptedSocket.last.receives('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it('receives objects that were parsed from JSON', () => {
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

  it('applies operators, also to a message that a mock delivers without having opened', () => {
    const { log } = record(webSocket<number>(url).pipe(map((price) => price * 2)));
    ScriptedSocket.last.receives(21);
    expect(log).toEqual(['next 42']);
  });
});

describe('what is sent', () => {
  it('before anybody subscribes makes no connection, and waits until one is open', () => {
    const subject = webSocket<string>(url);
    for (const value of ['a', 'b', 'c']) subject.next(value);
    expect(ScriptedSocket.made).toEqual([]);

    subject.subscribe();
    expect(ScriptedSocket.last.sent).toEqual([]);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"a"', '"b"', '"c"']);
  });

  it('on an open connection leaves within the call', () => {
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
  it('closes the socket, and completes once the peer has answered', () => {
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

  it('leaves the subject usable: what is sent after it goes to the connection of the next subscriber', () => {
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
  it('closes with them when they may be sent, and the subscribers see how that close ended', () => {
    const subject = webSocket(url);
    const { log } = record(subject);
    ScriptedSocket.last.opens();
    subject.error({ code: 4337, reason: 'enough' });
    expect(ScriptedSocket.last.closeCalls).toEqual([[4337, 'enough']]);
    ScriptedSocket.last.ends({ code: 4337, reason: 'enough', wasClean: true });
    expect(log).toEqual(['complete']);
  });

  it('closes with 1000 when they may not, such as 1337, and is what the subscribers get', () => {
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

  it('leaves the subject usable: what is sent after it goes to the connection of the next subscriber', () => {
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
  function subscribedAndLeft(before: (socket: ScriptedSocket) => void): ScriptedSocket {
    const subject = webSocket(url);
    const subscription = subject.subscribe();
    before(ScriptedSocket.last);
    (which === 'subject' ? subject : subscription).unsubscribe();
    return ScriptedSocket.last;
  }

  it('closes an open socket', () => {
    const socket = subscribedAndLeft((open) => open.opens());
    expect(socket.closeCalls).toEqual([[1000]]);
    expect(socket.readyState).toBe(2);
  });

  it('closes a connecting socket at once', () => {
    const socket = subscribedAndLeft(() => undefined);
    expect(socket.closeCalls).toHaveLength(1);
    expect(socket.readyState).toBe(2);
  });

  it('closes a socket that opens all the same', () => {
    const socket = subscribedAndLeft(() => undefined);
    socket.closeCalls.length = 0;
    socket.opens();
    expect(socket.closeCalls).toHaveLength(1);
    expect(socket.readyState).toBe(2);
  });
});

describe('a subject that was left while connecting and subscribed to again', () => {
  it('hears nothing of the end of its first socket', () => {
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

describe('what a Subject has', () => {
  it('asObservable() gives the messages without the means to send', () => {
    const observable = webSocket(url).asObservable();
    const { log } = record(observable);
    ScriptedSocket.last.opens();
    ScriptedSocket.last.receives(1);
    expect(log).toEqual(['next 1']);
    expect(observable).not.toHaveProperty('next');
  });

  it('observed tells whether anybody is subscribed', () => {
    const subject = webSocket(url);
    expect(subject.observed).toBe(false);
    const subscription = subject.subscribe();
    expect(subject.observed).toBe(true);
    subscription.unsubscribe();
    expect(subject.observed).toBe(false);
  });

  it('closed tells that unsubscribe() was called, and takes it back at the next subscription', () => {
    const subject = webSocket(url);
    expect(subject.closed).toBe(false);
    subject.unsubscribe();
    expect(subject.closed).toBe(true);
    subject.subscribe();
    expect(subject.closed).toBe(false);
  });
});
