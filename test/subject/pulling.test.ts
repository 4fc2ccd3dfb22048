import { describe, expect, it } from 'vitest';
import { webSocket, WebSocketCloseError, type SocketWarning } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { rest, say, take, upTo } from './pulled.js';

describe('the messages for a loop', () => {
  const made = (): { sockets: ReturnType<typeof fakeSockets>; socket: ReturnType<typeof webSocket<number>>; warnings: SocketWarning[] } => {
    const sockets = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, unsubscribeCode: 4005 });
    const warnings: SocketWarning[] = [];
    socket.warnings.subscribe((warning) => warnings.push(warning));
    return { sockets, socket, warnings };
  };

  it('connect when the first one is asked for', () => {
    const { sockets, socket } = made();
    const messages = socket[Symbol.asyncIterator]();
    expect(messages[Symbol.asyncIterator]()).toBe(messages);
    expect(sockets.made).toHaveLength(0);
    void messages.next();
    expect(sockets.made).toHaveLength(1);
    void messages.next();
    expect(sockets.made).toHaveLength(1);
  });

  it('never connect when the loop was left before', async () => {
    const { sockets, socket } = made();
    const messages = socket.iterate();
    expect(await messages.return?.('gone')).toEqual({ done: true, value: 'gone' });
    expect(await messages.next()).toEqual({ done: true, value: undefined });
    expect(sockets.made).toHaveLength(0);
  });

  it('go to those who asked first, and so does an error, once', async () => {
    const { sockets, socket } = made();
    const messages = socket.iterate();
    const asked = Array.from({ length: 4 }, () => messages.next());
    sockets.last.open();
    say(sockets.last, [1, 2]);
    sockets.last.drop();
    expect(await Promise.allSettled([...asked, messages.next()])).toEqual([
      { status: 'fulfilled', value: { done: false, value: 1 } },
      { status: 'fulfilled', value: { done: false, value: 2 } },
      { status: 'rejected', reason: expect.any(WebSocketCloseError) as unknown },
      { status: 'fulfilled', value: { done: true, value: undefined } },
      { status: 'fulfilled', value: { done: true, value: undefined } },
    ]);
  });

  it('S9: end for those who still ask when the loop is left, and what waited is let go', async () => {
    const { sockets, socket } = made();
    const messages = socket.iterate();
    const asked = [messages.next(), messages.next()];
    sockets.last.open();
    sockets.last.message(1);
    await messages.return?.();
    expect(await Promise.all(asked)).toEqual([{ done: false, value: 1 }, { done: true, value: undefined }]);
    expect(sockets.last.closes).toEqual([[4005]]);
  });

  it('S9: are let go, and their error with them, by a loop that leaves after the end', async () => {
    const { sockets, socket } = made();
    const messages = socket.iterate();
    const first = messages.next();
    sockets.last.open();
    say(sockets.last, [1, 2]);
    sockets.last.drop();
    await first;
    await messages.return?.();
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('S9: can be left with an error, which they reject with', async () => {
    const { sockets, socket } = made();
    const messages = socket.iterate();
    void messages.next();
    sockets.last.open();
    say(sockets.last, [1, 2]);
    await expect(messages.throw?.(new Error('enough'))).rejects.toThrow('enough');
    expect(sockets.last.closes).toEqual([[4005]]);
    expect(await messages.next()).toEqual({ done: true, value: undefined });
  });

  it('S2: that wait come before the error that error() gave', async () => {
    const { sockets, socket } = made();
    const messages = socket.iterate();
    const first = messages.next();
    sockets.last.open();
    say(sockets.last, [1, 2, 3]);
    socket.error('my own');
    sockets.last.closeClean(1000);
    await first;
    expect(await rest(messages)).toEqual([2, 3, 'my own']);
  });

  it('S1: are an error without a close where the constructor refuses', async () => {
    class Refusing {
      constructor() {
        throw new SyntaxError('never');
      }
    }
    const socket = webSocket({ url: 'ws://fake', WebSocketCtor: Refusing as never });
    expect(await rest(socket.iterate())).toEqual(['SyntaxError']);
  });

  it.each([
    ['error', [1, 2, 3, 4, 'InboxOverflowError'], []],
    ['drop-oldest', [6, 7, 8, 9, 'done'], [[1]]],
    ['latest', [9, 'done'], [[1, 2, 3, 4]]],
  ] as const)('S15: under %s, are never more than the limit where the transport cannot be paused', async (overflow, expected, dropped) => {
    const { sockets, socket, warnings } = made();
    const messages = socket.iterate({ highWaterMark: 4, overflow });
    const first = messages.next();
    sockets.last.open();
    say(sockets.last, upTo(10));
    await first;
    if (overflow !== 'error') socket.close();
    sockets.last.closeClean(1000);
    expect([...(await rest(messages)), 'done'].slice(0, expected.length)).toEqual(expected);
    expect(warnings).toEqual(dropped.map((values) => ({ kind: 'dropped', values, why: expect.stringMatching(/4 messages .* caught up$/) as string })));
    // Whoever overflows has left, as the last one here.
    expect(sockets.last.closes).toEqual([[overflow === 'error' ? 4005 : 1000]]);
  });

  it('S15: that are dropped are told again once the loop has caught up', async () => {
    const { sockets, socket, warnings } = made();
    const messages = socket.iterate({ highWaterMark: 2, overflow: 'drop-oldest' });
    const first = messages.next();
    sockets.last.open();
    say(sockets.last, upTo(10));
    expect([(await first).value, ...(await take(messages, 2))]).toEqual([0, 8, 9]);
    say(sockets.last, [10, 11]);
    expect(warnings).toHaveLength(1);
    await take(messages, 2);
    const next = messages.next();
    say(sockets.last, upTo(4, 20));
    expect((await next).value).toBe(20);
    expect(warnings).toMatchObject([{ values: [1] }, { values: [21] }]);
  });

  it('S15: that overflow one loop go on for the others', async () => {
    const { sockets, socket } = made();
    const heard: number[] = [];
    socket.subscribe((value) => heard.push(value));
    const messages = socket.iterate({ highWaterMark: 1 });
    void messages.next();
    sockets.last.open();
    say(sockets.last, upTo(5));
    expect(await rest(messages)).toEqual([1, 'InboxOverflowError']);
    say(sockets.last, [5]);
    expect(heard).toEqual(upTo(6));
    expect(sockets.last.closes).toEqual([]);
  });
});

describe('options for pulling', () => {
  it.each([
    [{ highWaterMark: 0 }, "iterate: 'highWaterMark' must be a whole number, 1 or more, or Infinity, not 0"],
    [{ highWaterMark: 1.5 }, "iterate: 'highWaterMark' must be a whole number, 1 or more, or Infinity, not 1.5"],
    [{ highWaterMark: '64' }, "iterate: 'highWaterMark' must be a whole number, 1 or more, or Infinity, not '64'"],
    [{ pause: 1 }, "iterate: 'pause' must be true or false, not 1"],
    [{ overflow: 'newest' }, "iterate: 'overflow' must be 'error', 'drop-oldest' or 'latest', not 'newest'"],
    [{ lowWaterMark: 1 }, "iterate: there is no option 'lowWaterMark'; the options are highWaterMark, pause, overflow"],
    [null, 'iterate: the options must be an object, not null'],
    [64, 'iterate: the options must be an object, not 64'],
  ])('that are impossible throw a TypeError, before anything has changed: %j', (options, message) => {
    const sockets = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    expect(() => socket.iterate(options as never)).toThrow(new TypeError(message));
    expect(sockets.made).toHaveLength(0);
  });
});
