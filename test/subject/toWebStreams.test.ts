import { delay, retry, Subject, takeUntil } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, toWebStreams, webSocket, WebSocketCloseError, type InboxOptions, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import { watchUncaught } from '../conformance/suite/uncaught.js';
import { fakeSockets } from './FakeSocket.js';
import { pausableSockets } from './pausableSockets.js';

// Not the real timers: what these sessions leave behind would run in the tests of another file.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const settled = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);
const named = (name: string): unknown => expect.objectContaining({ name });

function made(options: InboxOptions = {}): {
  sockets: ReturnType<typeof fakeSockets>;
  socket: WebSocketSubject<number>;
  streams: ReturnType<typeof toWebStreams<number, number>>;
  status(): SocketStatus;
} {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  let status: SocketStatus;
  socket.status.subscribe((now) => (status = now));
  return { sockets, socket, streams: toWebStreams(socket, options), status: () => status };
}

describe('the writable of toWebStreams', () => {
  it('S13: completes a write when the value does not wait for a connection any more', async () => {
    const { sockets, streams, status } = made();
    const writer = streams.writable.getWriter();
    const written = vi.fn();
    void writer.write(1).then(written);
    void writer.write(2);
    await vi.waitFor(() => expect(status().queued).toBe(1));
    expect(written).not.toHaveBeenCalled();
    sockets.last.open();
    await vi.waitFor(() => expect(sockets.last.sent).toEqual(['1', '2']));
    expect(written).toHaveBeenCalledOnce();
  });

  it('S13: fails a pending write when the session ends, and each later one', async () => {
    const { sockets, streams, status } = made();
    const writer = streams.writable.getWriter();
    const written = settled(writer.write(1));
    await vi.waitFor(() => expect(status().queued).toBe(1));
    sockets.last.drop();
    const error = await settled(streams.closed);
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(await written).toBe(error);
    expect(await settled(writer.write(2))).toBe(error);
    expect(await settled(writer.closed)).toBe(error);
  });

  it('S7: keeps nothing for the next session', async () => {
    const { sockets, socket, streams, status } = made();
    sockets.last.open();
    socket.close(4000);
    const writer = streams.writable.getWriter();
    expect(await settled(writer.write(1))).toEqual(named('InvalidStateError'));
    expect(status().queued).toBe(0);
  });

  it('S2: is not errored by a clean end until something is written', async () => {
    const { sockets, streams, status } = made();
    const writer = streams.writable.getWriter();
    const failed = vi.fn();
    writer.closed.catch(failed);
    sockets.last.open();
    sockets.last.closeClean(1000);
    await streams.closed;
    await new Promise((resolve) => setImmediate(resolve));
    expect(failed).not.toHaveBeenCalled();
    expect(await settled(writer.write(1))).toEqual(named('InvalidStateError'));
    expect(status().queued).toBe(0);
  });

  it('S2: can be closed after a clean end, which does not end a newer session', async () => {
    const { sockets, socket, streams } = made();
    sockets.last.open();
    sockets.last.closeClean(1000);
    await streams.closed;
    socket.subscribe();
    sockets.last.open();
    await streams.writable.close();
    expect(sockets.last.closes).toEqual([]);
  });

  it('S2: close() rejects with the error of an unclean end, also of one that it began', async () => {
    const { sockets, streams } = made();
    sockets.last.open();
    const closing = settled(streams.writable.close());
    await vi.waitFor(() => expect(sockets.last.closes).toEqual([[1000]]));
    sockets.last.drop();
    expect(await closing).toBeInstanceOf(WebSocketCloseError);
    expect(await closing).toBe(await settled(streams.closed));

    const later = made();
    later.sockets.last.open();
    later.sockets.last.message(1);
    later.sockets.last.drop();
    expect(await settled(later.streams.writable.close())).toBe(await settled(later.streams.closed));
  });

  it('S7: ends only its own session when it is closed or aborted', async () => {
    const ends: ((streams: ReturnType<typeof made>['streams']) => unknown)[] = [
      ({ writable }) => writable.close(),
      ({ writable }) => writable.abort({ code: 4001 }),
      ({ writable }) => writable.abort(new Error('mine')),
    ];
    for (const end of ends) {
      const { sockets, socket, streams } = made();
      sockets.last.open();
      socket.close(4000);
      socket.subscribe();
      sockets.last.open();
      const [old, fresh] = sockets.made;
      void settled(Promise.resolve(end(streams)));
      await new Promise((resolve) => setImmediate(resolve));
      old?.closeClean(4000);
      expect(await streams.closed).toMatchObject({ code: 4000 });
      expect(fresh?.closes).toEqual([]);
    }
  });

  it('S7: ends the next session when it is closed or aborted between two sessions of RxJS retry', async () => {
    const ends: Record<string, (streams: ReturnType<typeof made>['streams']) => unknown> = {
      close: ({ writable }) => writable.close(),
      abort: ({ writable }) => writable.abort({ code: 4001 }),
    };
    for (const [how, end] of Object.entries(ends)) {
      const sockets = fakeSockets();
      const again = new Subject<void>();
      const derived = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor }).pipeEvents(retry({ delay: () => again }));
      const streams = toWebStreams(derived);
      sockets.last.open();
      sockets.last.drop();
      const ended = settled(Promise.resolve(end(streams)));
      again.next();
      await ended;
      expect(await settled(streams.closed), how).toMatchObject({ code: how === 'close' ? 1000 : 4001 });
      expect(sockets.made.filter(({ isAlive }) => isAlive), how).toEqual([]);
    }
  });

  it('S17: does not end another subject once its own has ended', async () => {
    for (const end of ['close', 'abort'] as const) {
      const { sockets, socket, streams } = made();
      socket.pipeEvents(reconnectOnCode({ 1012: after(0) })).subscribe();
      sockets.last.open();
      sockets.last.closeClean(1012);
      sockets.last.open();
      expect(await streams.closed).toMatchObject({ code: 1012 });
      await (end === 'close' ? streams.writable.close() : streams.writable.abort(new Error('mine')));
      expect(sockets.last.closes).toEqual([]);
    }
  });

  it('S9: unsubscribes when it is aborted without a reason', async () => {
    const { sockets, socket, streams } = made();
    const heard = vi.fn();
    socket.subscribe({ error: heard });
    sockets.last.open();
    await streams.writable.abort();
    expect(sockets.last.closes).toEqual([]);
    expect(await streams.readable.getReader().read()).toEqual({ done: true, value: undefined });
    sockets.last.closeClean(1012);
    expect(await streams.closed).toMatchObject({ code: 1012 });
    expect(heard).not.toHaveBeenCalled();
  });

  it('is aborted at once while a value waits for a connection that never comes', async () => {
    const { sockets, streams, status } = made();
    const writer = streams.writable.getWriter();
    const written = settled(writer.write(1));
    await vi.waitFor(() => expect(status().queued).toBe(1));
    await writer.abort('given up');
    expect(await written).toBe('given up');
    expect(await settled(streams.closed)).toBe('given up');
    expect(sockets.last.closes).toEqual([[1000]]);
  });

  it('ends the session also before its first event has arrived', async () => {
    for (const end of ['close', 'abort', 'error', 'cancel'] as const) {
      const sockets = fakeSockets();
      const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor }).pipeEvents(delay(5));
      const { readable, writable, closed } = toWebStreams(socket);
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
    const { sockets, streams } = made();
    sockets.last.open();
    expect(await settled(streams.writable.getWriter().write(1n as never))).toEqual(named('SerializeError'));
  });

  it('S14: unsubscribes when a value cannot be sent: the readable errors after the last message, and other subscribers go on', async () => {
    const { sockets, socket, streams } = made();
    const heard: number[] = [];
    const other = socket.subscribe((message) => heard.push(message));
    sockets.last.open();
    sockets.last.message(1);
    await settled(streams.writable.getWriter().write(1n as never));
    sockets.last.message(2);
    const reader = streams.readable.getReader();
    expect(await reader.read()).toEqual({ done: false, value: 1 });
    expect(await settled(reader.read())).toEqual(named('SerializeError'));
    expect([heard, sockets.last.closes]).toEqual([[1, 2], []]);
    other.unsubscribe();
    expect(sockets.last.closes).toEqual([[1000]]);
  });
});

describe('the readable of toWebStreams', () => {
  it('S2: errors after the messages, and so does the writable', async () => {
    const { sockets, streams } = made();
    const failed = vi.fn();
    const writer = streams.writable.getWriter();
    writer.closed.catch(failed);
    sockets.last.open();
    for (const value of [1, 2]) sockets.last.message(value);
    sockets.last.drop();
    const error = await settled(streams.closed);
    const reader = streams.readable.getReader();
    expect((await reader.read()).value).toBe(1);
    expect(failed).not.toHaveBeenCalled();
    expect((await reader.read()).value).toBe(2);
    expect(await settled(reader.read())).toBe(error);
    expect(await settled(writer.closed)).toBe(error);
  });

  it('S2: is closed while a read waits', async () => {
    const { sockets, streams } = made();
    const reader = streams.readable.getReader();
    const read = reader.read();
    sockets.last.open();
    sockets.last.closeClean(1000);
    expect(await read).toEqual({ done: true, value: undefined });
    await reader.closed;
  });

  it('S2: is closed by an end while no read is pending', async () => {
    const { sockets, streams } = made();
    const reader = streams.readable.getReader();
    sockets.last.open();
    sockets.last.closeClean(1000);
    await reader.closed;
  });

  it('S9: is closed by unsubscribe(), and `closed` settles with the end of the session', async () => {
    const { sockets, socket, streams } = made();
    sockets.last.open();
    sockets.last.message(1);
    socket.unsubscribe();
    const reader = streams.readable.getReader();
    expect((await reader.read()).value).toBe(1);
    expect((await reader.read()).done).toBe(true);
    sockets.last.drop();
    expect(await settled(streams.closed)).toMatchObject({ code: 1006, event: { initiator: 'local' } });
    expect(await settled(streams.writable.getWriter().write(1))).toEqual(named('InvalidStateError'));
  });

  it('S9: `closed` settles with the end of the session when an operator has unsubscribed', async () => {
    const sockets = fakeSockets();
    const enough = new Subject<void>();
    const { readable, closed } = toWebStreams(webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor }).pipeEvents(takeUntil(enough)));
    sockets.last.open();
    enough.next();
    expect((await readable.getReader().read()).done).toBe(true);
    sockets.last.closeClean(1000, 'bye');
    expect(await closed).toMatchObject({ code: 1000, reason: 'bye', initiator: 'local' });
  });

  it('S9: can be cancelled after the end, with messages that were not read', async () => {
    const { sockets, streams } = made();
    sockets.last.open();
    sockets.last.message(1);
    sockets.last.closeClean(1000);
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
    const { sockets, socket, streams } = made({ highWaterMark: 2 });
    socket.subscribe();
    sockets.last.open();
    for (const value of [1, 2, 3, 4]) sockets.last.message(value);
    // The limit is judged once an idle reader could have taken what waits.
    await vi.advanceTimersByTimeAsync(0);
    const reader = streams.readable.getReader();
    for (const value of [1, 2, 3]) expect((await reader.read()).value).toBe(value);
    expect(await settled(reader.read())).toEqual(named('InboxOverflowError'));
    expect(await settled(streams.writable.getWriter().closed)).toEqual(named('InboxOverflowError'));
    expect(sockets.last.closes).toEqual([]);
    sockets.last.closeClean(1001);
    expect(await streams.closed).toMatchObject({ code: 1001 });
  });
});

describe('toWebStreams', () => {
  it('S16: leaves no rejection unhandled', async () => {
    const uncaught = watchUncaught();
    const dropped = made();
    dropped.sockets.last.open();
    dropped.sockets.last.drop();
    const left = made();
    left.sockets.last.open();
    await left.streams.readable.cancel();
    left.sockets.last.drop();
    const aborted = made();
    aborted.sockets.last.open();
    await aborted.streams.writable.abort(new Error('mine'));
    aborted.sockets.last.closeClean(1000);
    await new Promise((resolve) => setImmediate(resolve));
    expect(uncaught.stop()).toEqual([]);
    for (const { streams } of [dropped, left, aborted]) expect(await settled(streams.closed)).toBeInstanceOf(Error);
  });

  it.each(['ReadableStream', 'WritableStream'])('needs a platform with a %s, and says so before it connects', (name) => {
    const sockets = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    vi.stubGlobal(name, undefined);
    expect(() => toWebStreams(socket)).toThrow(TypeError);
    expect(() => toWebStreams(socket)).toThrow(name);
    expect(sockets.made).toHaveLength(0);
  });

  it('names an impossible option', () => {
    expect(() => made({ highWaterMark: -1 })).toThrow(/toWebStreams.*'highWaterMark'/);
  });
});
