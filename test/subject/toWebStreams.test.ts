import { delay, retry, Subject, takeUntil } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, toWebStreams, webSocket, WebSocketCloseError, type InboxOptions } from '../../src/index.js';
import { watchUncaught } from '../conformance/suite/uncaught.js';
import { pausableSockets } from './pausableSockets.js';
import { alive, setUp } from './setUp.js';

// Not the real timers: what these sessions leave behind would run in the tests of another file.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
const named = (name: string): unknown => expect.objectContaining({ name });

function made(options: InboxOptions = {}) {
  const all = setUp();
  return { ...all, streams: toWebStreams(all.socket, options), status: () => all.statuses.at(-1)! };
}

describe('the writable of toWebStreams', () => {
  it('S13: completes a write when the value does not wait for a connection any more', async () => {
    const { last, streams, status } = made();
    const writer = streams.writable.getWriter();
    const written = vi.fn();
    void writer.write(1).then(written);
    void writer.write(2);
    await vi.waitFor(() => expect(status().queued).toBe(1));
    expect(written).not.toHaveBeenCalled();
    last().accept();
    await vi.waitFor(() => expect(last().received).toEqual([1, 2]));
    expect(written).toHaveBeenCalledOnce();
  });

  it('S13: fails a pending write when the session ends, and each later one', async () => {
    const { last, streams, status } = made();
    const writer = streams.writable.getWriter();
    const written = settled(writer.write(1));
    await vi.waitFor(() => expect(status().queued).toBe(1));
    last().drop();
    const error = await settled(streams.closed);
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(await written).toBe(error);
    expect(await settled(writer.write(2))).toBe(error);
    expect(await settled(writer.closed)).toBe(error);
  });

  it('S7: keeps nothing for the next session', async () => {
    const { last, socket, streams, status } = made();
    last().accept();
    socket.close(4000);
    const writer = streams.writable.getWriter();
    expect(await settled(writer.write(1))).toEqual(named('InvalidStateError'));
    expect(status().queued).toBe(0);
  });

  it('S2: is not errored by a clean end until something is written', async () => {
    const { last, streams, status } = made();
    const writer = streams.writable.getWriter();
    const failed = vi.fn();
    writer.closed.catch(failed);
    last().accept();
    last().close(1000);
    await streams.closed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).not.toHaveBeenCalled();
    expect(await settled(writer.write(1))).toEqual(named('InvalidStateError'));
    expect(status().queued).toBe(0);
  });

  it('S2: can be closed after a clean end, which does not end a newer session', async () => {
    const { last, socket, streams } = made();
    last().accept();
    last().close(1000);
    await streams.closed;
    socket.subscribe();
    last().accept();
    await streams.writable.close();
    expect(last().closedWith).toBeNull();
  });

  it('S2: close() rejects with the error of an unclean end, also of one that it began', async () => {
    const { last, streams } = made();
    last().accept();
    last().ignoreClose();
    const closing = settled(streams.writable.close());
    await vi.waitFor(() => expect(last().closedWith).toEqual({ code: 1000, reason: '' }));
    last().drop();
    expect(await closing).toBeInstanceOf(WebSocketCloseError);
    expect(await closing).toBe(await settled(streams.closed));

    const later = made();
    later.last().accept();
    later.last().send(1);
    later.last().drop();
    expect(await settled(later.streams.writable.close())).toBe(await settled(later.streams.closed));
  });

  it('S7: ends only its own session when it is closed or aborted', async () => {
    const ends: ((streams: ReturnType<typeof made>['streams']) => unknown)[] = [
      ({ writable }) => writable.close(),
      ({ writable }) => writable.abort({ code: 4001 }),
      ({ writable }) => writable.abort(new Error('mine')),
    ];
    for (const end of ends) {
      const { last, server, socket, streams } = made();
      last().accept();
      last().ignoreClose();
      socket.close(4000);
      socket.subscribe();
      last().accept();
      const [old, fresh] = server.connections;
      void settled(Promise.resolve(end(streams)));
      await new Promise((resolve) => setImmediate(resolve));
      old?.close(4000);
      expect(await streams.closed).toMatchObject({ code: 4000 });
      expect(fresh?.closedWith).toBeNull();
    }
  });

  it('S7: ends the next session when it is closed or aborted between two sessions of RxJS retry', async () => {
    const ends: Record<string, (streams: ReturnType<typeof made>['streams']) => unknown> = {
      close: ({ writable }) => writable.close(),
      abort: ({ writable }) => writable.abort({ code: 4001 }),
    };
    for (const [how, end] of Object.entries(ends)) {
      const { last, server, socket } = setUp();
      const again = new Subject<void>();
      const derived = socket.pipeEvents(retry({ delay: () => again }));
      const streams = toWebStreams(derived);
      last().accept();
      last().drop();
      const ended = settled(Promise.resolve(end(streams)));
      again.next();
      await ended;
      expect(await settled(streams.closed), how).toMatchObject({ code: how === 'close' ? 1000 : 4001 });
      expect(alive(server), how).toEqual([]);
    }
  });

  it('S17: does not end another subject once its own has ended', async () => {
    for (const end of ['close', 'abort'] as const) {
      const { last, socket, streams } = made();
      socket.pipeEvents(reconnectOnCode({ 1012: after(0) })).subscribe();
      last().accept();
      last().close(1012);
      last().accept();
      expect(await streams.closed).toMatchObject({ code: 1012 });
      await (end === 'close' ? streams.writable.close() : streams.writable.abort(new Error('mine')));
      expect(last().closedWith).toBeNull();
    }
  });

  it('S9: unsubscribes when it is aborted without a reason', async () => {
    const { last, socket, streams } = made();
    const heard = vi.fn();
    socket.subscribe({ error: heard });
    last().accept();
    await streams.writable.abort();
    expect(last().closedWith).toBeNull();
    expect(await streams.readable.getReader().read()).toEqual({ done: true, value: undefined });
    last().close(1012);
    expect(await streams.closed).toMatchObject({ code: 1012 });
    expect(heard).not.toHaveBeenCalled();
  });

  it('is aborted at once while a value waits for a connection that never comes', async () => {
    const { last, streams, status } = made();
    const writer = streams.writable.getWriter();
    const written = settled(writer.write(1));
    await vi.waitFor(() => expect(status().queued).toBe(1));
    await writer.abort('given up');
    expect(await written).toBe('given up');
    expect(await settled(streams.closed)).toBe('given up');
    expect(last().state).toBe('closed');
  });

  it('ends the session also before its first event has arrived', async () => {
    for (const end of ['close', 'abort', 'error', 'cancel'] as const) {
      const { readable, writable, closed } = toWebStreams(setUp().socket.pipeEvents(delay(5)));
      const mine = new Error('mine');
      if (end === 'close') await writable.close();
      if (end === 'abort') await writable.abort({ code: 4001, reason: 'x' });
      if (end === 'error') await writable.abort(mine);
      if (end === 'cancel') await readable.cancel();
      const expected = { close: { code: 1000 }, abort: { code: 4001, reason: 'x' }, error: mine, cancel: { name: 'AbortError' } };
      expect(await settled(closed)).toMatchObject(expected[end]);
    }
  });

  it('S14: a write fails with the SerializeError of a value that cannot be sent', async () => {
    const { last, streams } = made();
    last().accept();
    expect(await settled(streams.writable.getWriter().write(1n as never))).toEqual(named('SerializeError'));
  });

  it('S14: unsubscribes when a value cannot be sent: the readable errors after the last message, and other subscribers go on', async () => {
    const { last, socket, streams } = made();
    const heard: number[] = [];
    const other = socket.subscribe((message) => heard.push(message));
    last().accept();
    last().send(1);
    await settled(streams.writable.getWriter().write(1n as never));
    last().send(2);
    const reader = streams.readable.getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    expect(await settled(reader.read())).toEqual(named('SerializeError'));
    expect([heard, last().closedWith]).toEqual([[1, 2], null]);
    other.unsubscribe();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });
});

describe('the readable of toWebStreams', () => {
  it('S2: errors after the messages, and so does the writable', async () => {
    const { last, streams } = made();
    const failed = vi.fn();
    const writer = streams.writable.getWriter();
    writer.closed.catch(failed);
    last().accept();
    for (const value of [1, 2]) last().send(value);
    last().drop();
    const error = await settled(streams.closed);
    const reader = streams.readable.getReader();
    expect((await reader.read()).value).toBe(1);
    expect(failed).not.toHaveBeenCalled();
    expect((await reader.read()).value).toBe(2);
    expect(await settled(reader.read())).toBe(error);
    expect(await settled(writer.closed)).toBe(error);
  });

  it('S2: is closed while a read waits', async () => {
    const { last, streams } = made();
    const reader = streams.readable.getReader();
    const read = reader.read();
    last().accept();
    last().close(1000);
    expect(await read).toEqual({ done: true, value: undefined });
    await reader.closed;
  });

  it('S2: is closed by an end while no read is pending', async () => {
    const { last, streams } = made();
    const reader = streams.readable.getReader();
    last().accept();
    last().close(1000);
    await reader.closed;
  });

  it('S9: is closed by unsubscribe(), and `closed` settles with the end of the session', async () => {
    const { last, socket, streams } = made();
    last().accept();
    last().ignoreClose();
    last().send(1);
    socket.unsubscribe();
    const reader = streams.readable.getReader();
    expect((await reader.read()).value).toBe(1);
    expect((await reader.read()).done).toBe(true);
    last().drop();
    expect(await settled(streams.closed)).toMatchObject({ code: 1006, event: { initiator: 'local' } });
    expect(await settled(streams.writable.getWriter().write(1))).toEqual(named('InvalidStateError'));
  });

  it('S9: `closed` settles with the end of the session when an operator has unsubscribed', async () => {
    const { last, socket } = setUp();
    const enough = new Subject<void>();
    const { readable, closed } = toWebStreams(socket.pipeEvents(takeUntil(enough)));
    last().accept();
    last().ignoreClose();
    enough.next();
    expect((await readable.getReader().read()).done).toBe(true);
    last().close(1000, 'bye');
    expect(await closed).toMatchObject({ code: 1000, reason: 'bye', initiator: 'local' });
  });

  it('S2: `closed` may be read for the first time after the end', async () => {
    for (const [code, expected] of [[1000, { code: 1000 }], [4001, { code: 4001 }]] as const) {
      const { last, streams } = made();
      last().accept();
      last().close(code);
      expect((await streams.readable.getReader().read()).done).toBe(true);
      expect(await streams.closed).toMatchObject(expected);
    }
    const { last, streams } = made();
    last().accept();
    last().drop();
    const error = await settled(streams.readable.getReader().read());
    expect(error).toMatchObject({ code: 1006 });
    expect(await settled(streams.closed)).toBe(error);
  });

  it('S2: `closed` may be read for the first time after the streams were left, before and after the end of the session', async () => {
    for (const isEarly of [true, false]) {
      const { last, socket, streams } = made();
      socket.subscribe({ error: () => undefined });
      last().accept();
      await streams.readable.cancel();
      const early = isEarly ? streams.closed : undefined;
      last().close(1012);
      expect(await (early ?? streams.closed)).toMatchObject({ code: 1012 });
    }
  });

  it('S9: can be cancelled after the end, with messages that were not read', async () => {
    const { last, streams } = made();
    last().accept();
    last().send(1);
    last().close(1000);
    await streams.readable.cancel();
    expect(await streams.closed).toMatchObject({ code: 1000 });
    expect(await settled(streams.writable.getWriter().write(1))).toEqual(named('InvalidStateError'));
  });

  it('S15: reads nothing ahead: messages wait in the inbox, which pauses the transport', async () => {
    const sockets = pausableSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    const { readable } = toWebStreams(socket, { highWaterMark: 4 });
    sockets.last.open();
    for (const value of [1, 2, 3, 4]) sockets.last.message(value);
    expect(sockets.last.acts).toEqual(['pause']);
    const reader = readable.getReader();
    for (const value of [1, 2]) expect((await reader.read()).value).toBe(value);
    expect(sockets.last.acts).toEqual(['pause']);
    expect((await reader.read()).value).toBe(3);
    expect(sockets.last.acts).toEqual(['pause', 'resume']);
  });

  it('S15: errors with an InboxOverflowError after the messages that it held, and so does the writable', async () => {
    const { last, socket, streams } = made({ highWaterMark: 2 });
    socket.subscribe();
    last().accept();
    for (const value of [1, 2, 3, 4]) last().send(value);
    // The limit is judged once an idle reader could have taken what waits.
    await vi.advanceTimersByTimeAsync(0);
    const reader = streams.readable.getReader();
    for (const value of [1, 2, 3]) expect((await reader.read()).value).toBe(value);
    expect(await settled(reader.read())).toEqual(named('InboxOverflowError'));
    expect(await settled(streams.writable.getWriter().closed)).toEqual(named('InboxOverflowError'));
    expect(last().closedWith).toBeNull();
    last().close(1001);
    expect(await streams.closed).toMatchObject({ code: 1001 });
  });
});

describe('toWebStreams', () => {
  it('S16: leaves no rejection unhandled', async () => {
    const uncaught = watchUncaught();
    const dropped = made();
    dropped.last().accept();
    dropped.last().drop();
    const left = made();
    left.last().accept();
    left.last().ignoreClose();
    await left.streams.readable.cancel();
    left.last().drop();
    const aborted = made();
    aborted.last().accept();
    aborted.last().ignoreClose();
    await aborted.streams.writable.abort(new Error('mine'));
    aborted.last().close(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(uncaught.stop()).toEqual([]);
    for (const { streams } of [dropped, left, aborted]) expect(await settled(streams.closed)).toBeInstanceOf(Error);
  });

  it.each(['ReadableStream', 'WritableStream'])('needs a platform with a %s, and says so before it connects', (name) => {
    const { server, socket } = setUp();
    vi.stubGlobal(name, undefined);
    expect(() => toWebStreams(socket)).toThrow(TypeError);
    expect(() => toWebStreams(socket)).toThrow(name);
    expect(server.connections).toHaveLength(0);
  });

  it('names an impossible option', () => {
    expect(() => made({ highWaterMark: -1 })).toThrow(/toWebStreams.*'highWaterMark'/);
  });
});
