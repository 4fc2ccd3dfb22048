import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { iterate, webSocket, WebSocketCloseError, type SocketWarning } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { deliver, nextTask, rest, take, upTo } from './iterateHelpers.js';

// Not the real timers: what these sessions leave behind would run in the tests of another file.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('iterate()', () => {
  const made = (): { sockets: ReturnType<typeof fakeSockets>; socket: ReturnType<typeof webSocket<number>>; warnings: SocketWarning[] } => {
    const sockets = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, unsubscribeCode: 4005 });
    const warnings: SocketWarning[] = [];
    socket.warnings.subscribe((warning) => warnings.push(warning));
    return { sockets, socket, warnings };
  };

  it('connects when the first message is requested', () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    expect(messages[Symbol.asyncIterator]()).toBe(messages);
    expect(sockets.made).toHaveLength(0);
    void messages.next();
    expect(sockets.made).toHaveLength(1);
    void messages.next();
    expect(sockets.made).toHaveLength(1);
  });

  it('never connects when the iterator was closed before', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    expect(await messages.return?.('gone')).toEqual({ done: true, value: 'gone' });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
    expect(sockets.made).toHaveLength(0);
  });

  it('answers requests in order, and gives an error once', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    const asked = Array.from({ length: 4 }, () => messages.next());
    sockets.last.open();
    deliver(sockets.last, [1, 2]);
    sockets.last.drop();
    expect(await Promise.allSettled([...asked, messages.next()])).toEqual([
      { status: 'fulfilled', value: { done: false, value: 1 } },
      { status: 'fulfilled', value: { done: false, value: 2 } },
      { status: 'rejected', reason: expect.any(WebSocketCloseError) as unknown },
      { status: 'fulfilled', value: { done: true, value: undefined } },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
  });

  it('S9: return() ends the pending requests and drops the messages that wait', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    const asked = [messages.next(), messages.next()];
    sockets.last.open();
    sockets.last.message(1);
    await messages.return?.();
    expect(await Promise.all(asked)).toEqual([{ done: false, value: 1 }, { done: true, value: undefined }]);
    expect(sockets.last.closes).toEqual([[4005]]);
  });

  it('S9: return() after the end drops the messages that wait, and the error', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    const first = messages.next();
    sockets.last.open();
    deliver(sockets.last, [1, 2]);
    sockets.last.drop();
    await first;
    await messages.return?.();
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('S9: throw() closes and rejects with its error', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    void messages.next();
    sockets.last.open();
    deliver(sockets.last, [1, 2]);
    await expect(messages.throw?.(new Error('enough'))).rejects.toThrow('enough');
    expect(sockets.last.closes).toEqual([[4005]]);
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('S2: gives the messages that wait before the error of error()', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket);
    const first = messages.next();
    sockets.last.open();
    deliver(sockets.last, [1, 2, 3]);
    socket.error('my own');
    sockets.last.closeClean(1000);
    await first;
    expect(await rest(messages)).toEqual([2, 3, 'my own']);
  });

  it('S1: throws the error of a constructor that refuses', async () => {
    class Refusing {
      constructor() {
        throw new SyntaxError('never');
      }
    }
    const socket = webSocket({ url: 'ws://fake', WebSocketCtor: Refusing as never });
    expect(await rest(iterate(socket))).toEqual(['SyntaxError']);
  });

  it.each([
    ['error', [1, 2, 3, 4, 'InboxOverflowError'], []],
    ['drop-oldest', [6, 7, 8, 9, 'done'], [[1]]],
    ['latest', [9, 'done'], [[1, 2, 3, 4]]],
  ] as const)('S15: with overflow %s, holds no more messages than the limit where the transport cannot be paused', async (overflow, expected, dropped) => {
    const { sockets, socket, warnings } = made();
    const messages = iterate(socket, { highWaterMark: 4, overflow });
    const first = messages.next();
    sockets.last.open();
    deliver(sockets.last, upTo(10));
    await first;
    nextTask();
    if (overflow !== 'error') socket.close();
    sockets.last.closeClean(1000);
    expect([...(await rest(messages)), 'done'].slice(0, expected.length)).toEqual(expected);
    expect(warnings).toEqual(dropped.map((values) => ({ kind: 'dropped', values, count: values.length, why: expect.any(String) as string })));
    // With 'error' the loop unsubscribes, as the last subscriber.
    expect(sockets.last.closes).toEqual([[overflow === 'error' ? 4005 : 1000]]);
  });

  it('S15: reports dropped messages again once the loop has caught up', async () => {
    const { sockets, socket, warnings } = made();
    const messages = iterate(socket, { highWaterMark: 2, overflow: 'drop-oldest' });
    const first = messages.next();
    sockets.last.open();
    deliver(sockets.last, upTo(10));
    expect([(await first).value, ...(await take(messages, 2))]).toEqual([0, 8, 9]);
    deliver(sockets.last, [10, 11]);
    expect(warnings).toHaveLength(1);
    await take(messages, 2);
    const next = messages.next();
    deliver(sockets.last, upTo(4, 20));
    expect((await next).value).toBe(20);
    expect(warnings).toMatchObject([{ values: [1] }, { values: [21] }]);
  });

  it('S15: an idle loop takes more messages of one task than the limit where the transport cannot be paused', async () => {
    const { sockets, socket, warnings } = made();
    const all = rest(iterate(socket, { highWaterMark: 4 }));
    sockets.last.open();
    deliver(sockets.last, upTo(200));
    await vi.advanceTimersByTimeAsync(0);
    socket.close();
    sockets.last.closeClean(1000);
    expect(await all).toEqual(upTo(200));
    expect(warnings).toEqual([]);
  });

  it('S2: gives all messages of a task that ends with the end, however late it takes them', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket, { highWaterMark: 4 });
    const first = messages.next();
    sockets.last.open();
    deliver(sockets.last, upTo(9));
    sockets.last.closeClean(1000);
    nextTask();
    await first;
    expect(await rest(messages)).toEqual(upTo(8, 1));
  });

  it('S15: the limit is judged within a task once 10,000 messages more wait', async () => {
    const { sockets, socket } = made();
    const messages = iterate(socket, { highWaterMark: 4 });
    const first = messages.next();
    sockets.last.open();
    deliver(sockets.last, upTo(10_005));
    expect(sockets.last.closes).toEqual([]);
    deliver(sockets.last, [10_005]);
    expect(sockets.last.closes).toEqual([[4005]]);
    await first;
    expect(await rest(messages)).toEqual([...upTo(4, 1), 'InboxOverflowError']);
  });

  it.each([
    ['text', 'length'],
    ['an ArrayBuffer', 'byteLength'],
    ['a Blob', 'size'],
  ])('S15: the limit is judged within a task once 1 MiB of %s has come meanwhile', (_, size) => {
    const sockets = fakeSockets();
    const socket = webSocket<unknown>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, deserializer: ({ data }) => data });
    void iterate(socket, { highWaterMark: 2 }).next();
    const { last } = sockets;
    const target = new EventTarget();
    target.addEventListener('message', (event) => last.onmessage(event as Event & { data: unknown }));
    const add = vi.spyOn(target, 'addEventListener');
    const remove = vi.spyOn(target, 'removeEventListener');
    for (const method of ['addEventListener', 'removeEventListener'] as const) Object.assign(last, { [method]: target[method].bind(target) });
    const deliverLarge = (count: number): void => {
      for (; count > 0; count--) target.dispatchEvent(Object.assign(new Event('message'), { data: { [size]: 600_000 } }));
    };
    last.open();
    // One is taken, two may wait, and two more come to 1.2 MB.
    deliverLarge(5);
    expect(last.closes).toEqual([]);
    deliverLarge(1);
    expect(last.closes).toEqual([[1000]]);
    nextTask();
    expect(add).toHaveBeenCalledOnce();
    expect(remove.mock.calls).toEqual(add.mock.calls);
  });

  it('S15: an overflow ends one loop, and not the other subscribers', async () => {
    const { sockets, socket } = made();
    const heard: number[] = [];
    socket.subscribe((value) => heard.push(value));
    const messages = iterate(socket, { highWaterMark: 1 });
    void messages.next();
    sockets.last.open();
    deliver(sockets.last, upTo(5));
    nextTask();
    expect(await rest(messages)).toEqual([1, 'InboxOverflowError']);
    deliver(sockets.last, [5]);
    expect(heard).toEqual(upTo(6));
    expect(sockets.last.closes).toEqual([]);
  });
});

describe('the options of iterate()', () => {
  it.each([
    [{ highWaterMark: 0 }, 'highWaterMark'],
    [{ highWaterMark: 1.5 }, 'highWaterMark'],
    [{ highWaterMark: '64' }, 'highWaterMark'],
    [{ pause: 1 }, 'pause'],
    [{ overflow: 'newest' }, 'overflow'],
    [{ lowWaterMark: 1 }, 'lowWaterMark'],
    [null, 'options'],
    [64, 'options'],
  ])('that are impossible throw a TypeError that names them, before anything has changed: %j', (options, key) => {
    const sockets = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    const call = (): unknown => iterate(socket, options as never);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(new RegExp(`iterate.*\\b${key}\\b`));
    expect(sockets.made).toHaveLength(0);
  });
});
