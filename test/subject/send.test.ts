import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, drained, OutboxOverflowError, reconnectOnCode, SerializeError, UnsentError, type WebSocketSubjectConfig } from '../../src/index.js';
import { bufferingSockets } from './bufferingSockets.js';
import { recorded } from './recorded.js';
import { lastClose, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

/** The state of promises: `sent`, the error, or `waits`. */
async function fates(...promises: Promise<void>[]): Promise<unknown[]> {
  const seen: unknown[] = promises.map(() => 'waits');
  promises.forEach((promise, i) => void promise.then(() => (seen[i] = 'sent'), (error: unknown) => (seen[i] = error)));
  await vi.advanceTimersByTimeAsync(0);
  return seen;
}

/** A subject whose transport is full above 3 bytes and has room again when it is empty. */
function buffering(config: Partial<WebSocketSubjectConfig<number>> = {}) {
  const sockets = bufferingSockets();
  const all = setUp({ WebSocketCtor: sockets.WebSocketCtor, ...config, outbox: { highWaterMark: 3, lowWaterMark: 0, ...config.outbox } });
  return { ...all, sockets, derived: all.socket.pipeEvents(reconnectOnCode(after(50))) };
}

describe('send()', () => {
  it('S13: resolves at once on an open connection, and when the connection opens for what was sent before', async () => {
    const { socket, last } = setUp();
    const early = socket.send(1);
    recorded(socket.events);
    expect(await fates(early)).toEqual(['waits']);
    last().accept();
    const live = socket.send(2);
    expect([last().received, await fates(early, live)]).toEqual([[1, 2], ['sent', 'sent']]);
    socket.close();
  });

  it('S12: keeps its place among the values of next()', () => {
    const { socket, last } = setUp();
    socket.next(1);
    void socket.send(2);
    socket.next(3);
    recorded(socket.events);
    last().accept();
    socket.next(4);
    void socket.send(5);
    expect(last().received.map(Number)).toEqual([1, 2, 3, 4, 5]);
    socket.close();
  });

  it('S13: stays pending with its value across failed attempts, drops and further sessions', async () => {
    const { socket, last, server } = setUp();
    const promise = socket.send(1);
    const first = recorded(socket.events);
    last().drop();
    expect(first.log.at(-1)).toBe('WebSocketCloseError');
    recorded(socket.pipeEvents(reconnectOnCode(after(50))).events);
    last().drop();
    vi.advanceTimersByTime(50);
    expect(await fates(promise)).toEqual(['waits']);
    last().accept();
    expect(await fates(promise)).toEqual(['sent']);
    expect(server.connections.map(({ received }) => received)).toEqual([[], [], [1]]);
    socket.close();
  });

  it('S13: resolves when the transport has taken the value, however late it has room', async () => {
    const { socket, sockets, derived } = buffering();
    recorded(derived.events);
    sockets.last.open();
    const promises = [1234, 5678, 9].map((value) => socket.send(value));
    expect(await fates(...promises)).toEqual(['sent', 'waits', 'waits']);
    sockets.last.sendAllBut(0);
    await vi.advanceTimersByTimeAsync(101);
    expect(await fates(...promises)).toEqual(['sent', 'sent', 'waits']);
    socket.close();
    sockets.last.closeClean(1000);
    await expect(promises[2]).rejects.toMatchObject({ name: 'UnsentError', unsent: [9], closeEvent: { code: 1000, wasClean: true } });
  });

  it('S13: rejects with the CloseEvent that names the value as unsent, once the session has ended', async () => {
    const { socket, sockets, derived } = buffering();
    const seen = recorded(derived.events);
    sockets.last.open();
    const promises = [1234, 2, 3].map((value) => socket.send(value));
    socket.close(4000, 'enough');
    expect(await fates(...promises)).toEqual(['sent', 'waits', 'waits']);
    sockets.last.closeClean(4000, 'enough');
    const closeEvent = lastClose(seen);
    expect(closeEvent.unsent).toEqual([2, 3]);
    const [, second, third] = await fates(...promises);
    expect(second).toBeInstanceOf(UnsentError);
    expect(second).toMatchObject({ name: 'UnsentError', unsent: [2] });
    expect((second as UnsentError).closeEvent).toBe(closeEvent);
    expect(third).toMatchObject({ unsent: [3] });
  });

  it('S13: rejects with the cause of a connection that was lost during a graceful end', async () => {
    const { socket, sockets } = setUpFake();
    const promise = socket.send(1);
    const seen = recorded(socket.events);
    socket.complete();
    sockets.last.fail('refused');
    sockets.last.drop();
    const [error] = await fates(promise);
    expect(error).toMatchObject({ closeEvent: lastClose(seen), cause: new Error('refused') });
  });

  it.each(['complete', 'close', 'error', 'unsubscribe', 'leave'] as const)('S13: rejects after %s between two connections', async (how) => {
    const { socket, sockets, derived } = buffering();
    const seen = recorded(derived.events);
    sockets.last.drop();
    const promise = socket.send(1);
    expect(await fates(promise)).toEqual(['waits']);
    if (how === 'leave') seen.unsubscribe();
    else if (how === 'error') socket.error(new Error('given'));
    else socket[how]();
    const [error] = await fates(promise);
    expect(error).toMatchObject({ name: 'UnsentError', unsent: [1], closeEvent: { type: 'close', initiator: 'local', unsent: [1] } });
  });

  it('S13: rejects after close() on an idle subject, without a CloseEvent', async () => {
    const { socket, warnings } = setUp();
    const promise = socket.send(1);
    socket.close();
    const [error] = await fates(promise);
    expect(error).toMatchObject({ name: 'UnsentError', unsent: [1], closeEvent: null });
    expect(warnings).toEqual([]);
  });

  it.each([
    ['a constant url', 'ws://fake', null],
    ['the url of a function', () => 'ws://fake', { code: 1006, opened: false, unsent: [1] }],
  ])('S1, S13: stays pending with its value when a constructor refuses %s, unless your code has ended the session', async (_what, url, closeEvent) => {
    let refuses = true;
    const { last, server } = setUp();
    class Refusing extends (server.WebSocket as unknown as new (url: string) => object) {
      constructor(url: string) {
        if (refuses) throw new SyntaxError('never');
        super(url);
      }
    }
    const { socket } = setUp({ url, WebSocketCtor: Refusing as never });
    const connect = (end?: () => void): void => {
      socket.events.subscribe({ next: ({ type }) => type === 'connecting' && end?.(), error: () => undefined });
    };
    const promise = socket.send(1);
    connect();
    expect(await fates(promise)).toEqual(['waits']);
    connect(() => socket.complete());
    const [error] = await fates(promise);
    expect(error).toMatchObject({ name: 'UnsentError', closeEvent, cause: new SyntaxError('never') });
    refuses = false;
    const second = socket.send(2);
    connect();
    last().accept();
    expect(await fates(second)).toEqual(['sent']);
    socket.close();
  });

  it('S15: rejects with the OutboxOverflowError that next() would throw', async () => {
    const { socket } = setUp({ outbox: { maxValues: 1, overflow: 'throw' } });
    const promises = [socket.send(1), socket.send(2)];
    expect(await fates(...promises)).toEqual(['waits', new OutboxOverflowError(2, 1)]);
  });

  it.each([
    ['drop-oldest', [new OutboxOverflowError(1, 1), 'waits']],
    ['drop-newest', ['waits', new OutboxOverflowError(2, 1)]],
  ] as const)('S15: rejects when its value is dropped (%s), which is a warning, too', async (overflow, expected) => {
    const { socket, warnings } = setUp({ outbox: { maxValues: 1, overflow } });
    const promises = [socket.send(1), socket.send(2)];
    expect(await fates(...promises)).toEqual(expected);
    expect(warnings).toMatchObject([{ kind: 'dropped', count: 1 }]);
  });

  it('S14: rejects with a SerializeError, and never throws', async () => {
    const { socket, last } = setUp({
      serializer: (value) => {
        if (value === 13) throw new RangeError('unlucky');
        return String(value);
      },
    });
    recorded(socket.events);
    last().accept();
    const promises = [socket.send(13), socket.send(14)];
    expect(await fates(...promises)).toEqual([new SerializeError(13, new RangeError('unlucky')), 'sent']);
    socket.close();
  });

  it('S13: a value that send() of the transport threw for stays, and its promise stays pending', async () => {
    const { socket, sockets } = setUpFake();
    const promise = socket.send(1);
    recorded(socket.pipeEvents(reconnectOnCode(after(50))).events);
    vi.spyOn(sockets.last, 'send').mockImplementation(() => {
      throw new Error('not now');
    });
    sockets.last.open();
    expect(await fates(promise)).toEqual(['waits']);
    vi.advanceTimersByTime(50);
    sockets.last.open();
    expect(await fates(promise)).toEqual(['sent']);
    socket.close();
    sockets.last.closeClean(1000);
  });
});

describe('drained()', () => {
  it('resolves at once when nothing waits: idle, open and closed', async () => {
    const { socket, last } = setUp();
    const idle = drained(socket);
    recorded(socket.events);
    last().accept();
    const open = drained(socket);
    socket.close();
    const closing = drained(socket);
    last().close(1000);
    expect(await fates(idle, open, closing, drained(socket))).toEqual(['sent', 'sent', 'sent', 'sent']);
  });

  it('S10: never connects', async () => {
    const { socket, server } = setUp();
    socket.next(1);
    expect(await fates(drained(socket))).toEqual(['waits']);
    expect(server.connections).toEqual([]);
  });

  it('S13: resolves once the outbox is sent, after however many connections that takes', async () => {
    const { socket, sockets, derived } = buffering();
    socket.next(1);
    const emptied = drained(socket);
    recorded(derived.events);
    sockets.last.drop();
    expect(await fates(emptied)).toEqual(['waits']);
    vi.advanceTimersByTime(50);
    sockets.last.open();
    sockets.last.sendAllBut(0);
    await vi.advanceTimersByTimeAsync(101);
    expect(await fates(emptied)).toEqual(['sent']);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('resolves for everyone who waits', async () => {
    const { socket, last } = setUp();
    socket.next(1);
    const emptied = [drained(socket), drained(socket)];
    recorded(socket.events);
    last().accept();
    expect(await fates(...emptied)).toEqual(['sent', 'sent']);
    socket.close();
  });

  it('resolves only when the buffer of the transport has fallen to its low mark, too', async () => {
    const { socket, sockets, derived } = buffering({ outbox: { highWaterMark: 100, lowWaterMark: 2 } });
    recorded(derived.events);
    sockets.last.open();
    socket.next(123);
    const emptied = drained(socket);
    await vi.advanceTimersByTimeAsync(101);
    expect(await fates(emptied)).toEqual(['waits']);
    sockets.last.sendAllBut(2);
    await vi.advanceTimersByTimeAsync(101);
    expect(await fates(emptied)).toEqual(['sent']);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it.each(['drop', 'closeClean'] as const)('does not wait for the buffer of a connection that is gone (%s)', async (how) => {
    const { socket, sockets, derived } = buffering();
    recorded(derived.events);
    sockets.last.open();
    socket.next(123);
    const emptied = drained(socket);
    expect(await fates(emptied)).toEqual(['waits']);
    sockets.last[how](1012);
    expect(await fates(emptied)).toEqual(['sent']);
    socket.close();
  });

  it('does not wait for the buffer once Close is sent', async () => {
    const { socket, sockets, derived } = buffering();
    recorded(derived.events);
    sockets.last.open();
    socket.next(123);
    const emptied = drained(socket);
    socket.close();
    await vi.advanceTimersByTimeAsync(101);
    expect(await fates(emptied)).toEqual(['sent']);
    sockets.last.closeClean(1000);
  });

  it('S13: rejects with all unsent values when your code ends the session', async () => {
    const { socket, sockets, derived } = buffering();
    const seen = recorded(derived.events);
    sockets.last.open();
    for (const value of [1234, 2, 3]) socket.next(value);
    const emptied = drained(socket);
    socket.close();
    expect(await fates(emptied, drained(socket))).toEqual(['waits', 'sent']);
    sockets.last.closeClean(1000);
    const [error] = await fates(emptied);
    expect(error).toMatchObject({ name: 'UnsentError', unsent: [2, 3] });
    expect((error as UnsentError).closeEvent).toBe(lastClose(seen));
  });

  it('S13: rejects after close() on an idle subject that has values', async () => {
    const { socket } = setUp();
    socket.next(1);
    const emptied = drained(socket);
    socket.close();
    expect(await fates(emptied)).toMatchObject([{ name: 'UnsentError', unsent: [1], closeEvent: null }]);
  });

  it('S13: resolves when complete() has sent everything', async () => {
    const { socket, sockets, derived } = buffering();
    recorded(derived.events);
    sockets.last.open();
    for (const value of [1234, 2, 3]) socket.next(value);
    const emptied = drained(socket);
    socket.complete();
    sockets.last.sendAllBut(0);
    await vi.advanceTimersByTimeAsync(101);
    expect(sockets.last.sent).toEqual(['1234', '2', '3']);
    sockets.last.sendAllBut(0);
    await vi.advanceTimersByTimeAsync(101);
    expect(await fates(emptied)).toEqual(['sent']);
    sockets.last.closeClean(1000);
  });
});
