import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { iterate, webSocket, WebSocketCloseError, type WebSocketLike } from '../../src/index.js';
import { deliver, nextTask, rest, take, upTo } from './iterateHelpers.js';
import { manualServer, setUp } from './setUp.js';

// Not the real timers: what these sessions leave behind would run in the tests of another file.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

describe('iterate()', () => {
  const made = () => setUp({ unsubscribeCode: 4005 });

  it('connects when the first message is requested', () => {
    const { server, socket } = made();
    const messages = iterate(socket);
    expect(messages[Symbol.asyncIterator]()).toBe(messages);
    expect(server.connections).toHaveLength(0);
    void messages.next();
    expect(server.connections).toHaveLength(1);
    void messages.next();
    expect(server.connections).toHaveLength(1);
  });

  it('never connects when the iterator was closed before', async () => {
    const { server, socket } = made();
    const messages = iterate(socket);
    expect(await messages.return?.('gone')).toEqual({ done: true, value: 'gone' });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
    expect(server.connections).toHaveLength(0);
  });

  it('answers requests in order, and gives an error once', async () => {
    const { last, socket } = made();
    const messages = iterate(socket);
    const asked = Array.from({ length: 4 }, () => messages.next());
    last().accept();
    deliver(last(), [1, 2]);
    last().drop();
    expect(await Promise.allSettled([...asked, messages.next()])).toEqual([
      { status: 'fulfilled', value: { done: false, value: 1 } },
      { status: 'fulfilled', value: { done: false, value: 2 } },
      { status: 'rejected', reason: expect.any(WebSocketCloseError) as unknown },
      { status: 'fulfilled', value: { done: true, value: undefined } },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
  });

  it('S9: return() ends the pending requests and drops the messages that wait', async () => {
    const { last, socket } = made();
    const messages = iterate(socket);
    const asked = [messages.next(), messages.next()];
    last().accept();
    last().send(1);
    await messages.return?.();
    expect(await Promise.all(asked)).toEqual([{ done: false, value: 1 }, { done: true, value: undefined }]);
    expect(last().closedWith).toEqual({ code: 4005, reason: '' });
  });

  it('S9: return() after the end drops the messages that wait, and the error', async () => {
    const { last, socket } = made();
    const messages = iterate(socket);
    const first = messages.next();
    last().accept();
    deliver(last(), [1, 2]);
    last().drop();
    await first;
    await messages.return?.();
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('S9: throw() closes and rejects with its error', async () => {
    const { last, socket } = made();
    const messages = iterate(socket);
    void messages.next();
    last().accept();
    deliver(last(), [1, 2]);
    await expect(messages.throw?.(new Error('enough'))).rejects.toThrow('enough');
    expect(last().closedWith).toEqual({ code: 4005, reason: '' });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('S2: gives the messages that wait before the error of error()', async () => {
    const { last, socket } = made();
    const messages = iterate(socket);
    const first = messages.next();
    last().accept();
    deliver(last(), [1, 2, 3]);
    socket.error('my own');
    last().close(1000);
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
    const { last, socket, warnings } = made();
    const messages = iterate(socket, { highWaterMark: 4, overflow });
    const first = messages.next();
    last().accept();
    deliver(last(), upTo(10));
    await first;
    nextTask();
    if (overflow !== 'error') socket.close();
    last().close(1000);
    expect([...(await rest(messages)), 'done'].slice(0, expected.length)).toEqual(expected);
    expect(warnings).toEqual(dropped.map((values) => ({ kind: 'dropped', values, count: values.length, why: expect.any(String) as string })));
    // With 'error' the loop unsubscribes, as the last subscriber.
    expect(last().closedWith).toEqual({ code: overflow === 'error' ? 4005 : 1000, reason: '' });
  });

  it('S15: reports dropped messages again once the loop has caught up', async () => {
    const { last, socket, warnings } = made();
    const messages = iterate(socket, { highWaterMark: 2, overflow: 'drop-oldest' });
    const first = messages.next();
    last().accept();
    deliver(last(), upTo(10));
    expect([(await first).value, ...(await take(messages, 2))]).toEqual([0, 8, 9]);
    deliver(last(), [10, 11]);
    expect(warnings).toHaveLength(1);
    await take(messages, 2);
    const next = messages.next();
    deliver(last(), upTo(4, 20));
    expect((await next).value).toBe(20);
    expect(warnings).toMatchObject([{ values: [1] }, { values: [21] }]);
  });

  it('S15: an idle loop takes more messages of one task than the limit where the transport cannot be paused', async () => {
    const { last, socket, warnings } = made();
    const all = rest(iterate(socket, { highWaterMark: 4 }));
    last().accept();
    deliver(last(), upTo(200));
    await vi.advanceTimersByTimeAsync(0);
    socket.close();
    last().close(1000);
    expect(await all).toEqual(upTo(200));
    expect(warnings).toEqual([]);
  });

  it('S2: gives all messages of a task that ends with the end, however late it takes them', async () => {
    const { last, socket } = made();
    const messages = iterate(socket, { highWaterMark: 4 });
    const first = messages.next();
    last().accept();
    deliver(last(), upTo(9));
    last().close(1000);
    nextTask();
    await first;
    expect(await rest(messages)).toEqual(upTo(8, 1));
  });

  it('S15: the limit is judged within a task once 10,000 messages more wait', async () => {
    const { last, socket } = made();
    const messages = iterate(socket, { highWaterMark: 4 });
    const first = messages.next();
    last().accept();
    deliver(last(), upTo(10_005));
    expect(last().closedWith).toBeNull();
    deliver(last(), [10_005]);
    expect(last().closedWith).toEqual({ code: 4005, reason: '' });
    await first;
    expect(await rest(messages)).toEqual([...upTo(4, 1), 'InboxOverflowError']);
  });

  it.each([
    ['text', 'x'.repeat(600_000), 'arraybuffer'],
    ['an ArrayBuffer', new Uint8Array(600_000), 'arraybuffer'],
    ['a Blob', new Uint8Array(600_000), 'blob'],
  ] as const)('S15: the limit is judged within a task once 1 MiB of %s has come meanwhile', (_, data, binaryType) => {
    const { last, server } = manualServer({ encode: (value) => value as string | Uint8Array });
    const transport = new server.WebSocket('ws://fake') as WebSocketLike & EventTarget;
    const socket = webSocket<unknown>({ url: 'ws://fake', transport: () => transport, binaryType, deserializer: (event) => event.data });
    void iterate(socket, { highWaterMark: 2 }).next();
    const add = vi.spyOn(transport, 'addEventListener');
    const remove = vi.spyOn(transport, 'removeEventListener');
    const deliverLarge = (count: number): void => {
      for (; count > 0; count--) last().send(data);
    };
    last().accept();
    // One is taken, two may wait, and two more come to 1.2 MB.
    deliverLarge(5);
    expect(last().closedWith).toBeNull();
    remove.mockClear(); // addEventListener() of the kit calls it, too
    deliverLarge(1);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    nextTask();
    expect(add).toHaveBeenCalledOnce();
    expect(remove.mock.calls).toEqual(add.mock.calls);
  });

  it('S15: an overflow ends one loop, and not the other subscribers', async () => {
    const { last, socket } = made();
    const heard: number[] = [];
    socket.subscribe((value) => heard.push(value));
    const messages = iterate(socket, { highWaterMark: 1 });
    void messages.next();
    last().accept();
    deliver(last(), upTo(5));
    nextTask();
    expect(await rest(messages)).toEqual([1, 'InboxOverflowError']);
    deliver(last(), [5]);
    expect(heard).toEqual(upTo(6));
    expect(last().closedWith).toBeNull();
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
    const { server, socket } = setUp();
    const call = (): unknown => iterate(socket, options as never);
    expect(call).toThrow(TypeError);
    expect(call).toThrow(new RegExp(`iterate.*\\b${key}\\b`));
    expect(server.connections).toHaveLength(0);
  });
});
