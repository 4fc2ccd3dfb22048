import { NEVER, repeat, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, iterate, reconnectOnCode, webSocket, type InboxOptions, type SocketWarning } from '../../src/index.js';
import { pausableSockets, type PausableSocket } from './pausableSockets.js';
import { nextTask, rest, take, upTo } from './iterateHelpers.js';

// Not the real timers: what these sessions leave behind would run in the tests of another file.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const deliver = (socket: PausableSocket, values: readonly number[]): void => values.forEach((value) => socket.message(value));

/** A subject on open transports that can be paused, with a loop that has received one message. */
async function pulling(options: InboxOptions = { highWaterMark: 8 }): Promise<{
  sockets: ReturnType<typeof pausableSockets>;
  last: PausableSocket;
  socket: ReturnType<typeof webSocket<number>>;
  messages: AsyncIterableIterator<number>;
}> {
  const sockets = pausableSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor }).pipeEvents(reconnectOnCode({ 1006: after(0) }));
  socket.warnings.subscribe();
  const messages = iterate(socket, options);
  const first = messages.next();
  sockets.last.open();
  sockets.last.message(-1);
  await first;
  return { sockets, last: sockets.last, socket, messages };
}

describe('a transport that can be paused', () => {
  it('S15: is paused when highWaterMark messages wait, and resumed when a quarter of them is left', async () => {
    const { last, messages } = await pulling();
    deliver(last, upTo(7));
    expect(last.acts).toEqual([]);
    last.message(7);
    expect(last.acts).toEqual(['pause']);
    expect(await take(messages, 5)).toEqual(upTo(5));
    expect(last.acts).toEqual(['pause']);
    expect(await take(messages, 1)).toEqual([5]);
    expect(last.acts).toEqual(['pause', 'resume']);
    deliver(last, upTo(6, 8));
    expect(last.acts).toEqual(['pause', 'resume', 'pause']);
  });

  it('S16: is abandoned when its resume() throws, and the policy decides', async () => {
    const { sockets, last, messages } = await pulling();
    Object.assign(last, {
      resume: () => {
        throw new Error('not again');
      },
    });
    deliver(last, upTo(8));
    await take(messages, 8);
    expect(sockets.made).toHaveLength(2);
    await messages.return?.();
  });

  it('S15: is paused at 64 messages by default', async () => {
    const { last, messages } = await pulling({});
    deliver(last, upTo(63));
    expect(last.acts).toEqual([]);
    last.message(63);
    expect(last.acts).toEqual(['pause']);
    await take(messages, 47);
    expect(last.acts).toEqual(['pause']);
    await take(messages, 1);
    expect(last.acts).toEqual(['pause', 'resume']);
  });

  it('S15: loses no message that it had read when it was paused', async () => {
    const { last, socket, messages } = await pulling();
    deliver(last, upTo(3_000));
    expect(last.acts).toEqual(['pause']);
    socket.close();
    last.closeClean(1000);
    expect(await rest(messages)).toEqual(upTo(3_000));
  });

  it('S15: stays paused while any loop is full, and is resumed when the last one has ended or caught up', async () => {
    const { last, socket, messages } = await pulling();
    const others = iterate(socket, { highWaterMark: 4 });
    const first = others.next();
    deliver(last, upTo(9));
    expect(last.acts).toEqual(['pause']);
    await first;
    await take(messages, 9);
    expect(last.isPaused).toBe(true);
    await others.return?.();
    expect(last.acts).toEqual(['pause', 'resume']);
  });

  const ends: Record<string, (of: Awaited<ReturnType<typeof pulling>>) => unknown> = {
    'close()': ({ socket }) => socket.close(),
    'complete()': ({ socket }) => socket.complete(),
    'error()': ({ socket }) => socket.error(new Error('mine')),
    'unsubscribe()': ({ socket }) => socket.unsubscribe(),
    'leaving the loop': ({ messages }) => messages.return?.(),
  };
  it.each(Object.entries(ends))("S7: is resumed by %s, since the server's answer comes after what was not read", async (_, end) => {
    const paused = await pulling();
    deliver(paused.last, upTo(8));
    expect(paused.last.isPaused).toBe(true);
    await end(paused);
    expect(paused.last.acts).toEqual(['pause', 'resume', 'close']);
  });

  it('S7: is resumed when it is abandoned, and terminated', async () => {
    const { last, socket } = await pulling();
    const opens: { abort(): void }[] = [];
    socket.events.subscribe((event) => event.type === 'open' && opens.push(event));
    deliver(last, upTo(8));
    opens[0]?.abort();
    expect(last.acts).toEqual(['pause', 'resume', 'terminate']);
  });

  it('S15: stays paused while a graceful shutdown waits, and is resumed with its Close, at its deadline at the latest', async () => {
    vi.useFakeTimers();
    try {
      const sockets = pausableSockets();
      const when = new Subject<void>();
      const base = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
      const messages = iterate(base.pipeEvents(closeGracefully(when, { code: 4002, until: NEVER, timeout: 1_000 })), { highWaterMark: 2 });
      const first = messages.next();
      const { last } = sockets;
      last.open();
      deliver(last, upTo(3));
      await first;
      when.next();
      vi.advanceTimersByTime(999);
      expect(last.acts).toEqual(['pause']);
      vi.advanceTimersByTime(1);
      expect(last.acts).toEqual(['pause', 'resume', 'close']);
      expect(last.closes).toEqual([[4002]]);
      last.closeClean(4002);
      expect(await rest(messages)).toEqual([1, 2]);
    } finally {
      vi.useRealTimers();
    }
  });

  it('S15: is paused from its open on while a loop is still full of messages of the last connection', async () => {
    const { sockets, last, messages } = await pulling();
    deliver(last, upTo(8));
    last.drop();
    const next = sockets.last;
    expect(next).not.toBe(last);
    next.open();
    expect(next.acts).toEqual(['pause']);
    expect(await take(messages, 6)).toEqual(upTo(6));
    expect(next.acts).toEqual(['pause', 'resume']);
    next.message(8);
    expect(await take(messages, 3)).toEqual([6, 7, 8]);
  });

  it('S15: is not paused at its open when the loop has caught up meanwhile', async () => {
    const { sockets, last, messages } = await pulling();
    deliver(last, upTo(8));
    last.drop();
    await take(messages, 6);
    expect(last.acts).toEqual(['pause']);
    sockets.last.open();
    expect(sockets.last.acts).toEqual([]);
  });

  it('S15: is paused in a further session of the same loop, too', async () => {
    const sockets = pausableSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor }).pipeEvents(repeat(2));
    const messages = iterate(socket, { highWaterMark: 2 });
    const first = messages.next();
    const { last } = sockets;
    last.open();
    deliver(last, upTo(3));
    await first;
    last.closeClean(1000);
    expect(sockets.made).toHaveLength(2);
    sockets.last.open();
    expect(sockets.last.acts).toEqual(['pause']);
    expect(await take(messages, 2)).toEqual([1, 2]);
    expect([last.acts, sockets.last.acts]).toEqual([['pause'], ['pause', 'resume']]);
  });

  it('S7: is not paused for a loop of an earlier session', async () => {
    const { sockets, last, socket, messages } = await pulling();
    deliver(last, upTo(8));
    socket.close();
    const fresh = iterate(socket);
    void fresh.next();
    sockets.last.open();
    expect(sockets.last).not.toBe(last);
    expect(sockets.last.acts).toEqual([]);
    last.closeClean(1000);
    expect(await rest(messages)).toEqual(upTo(8));
    expect(sockets.last.acts).toEqual([]);
  });

  it('S15: is never paused for a loop with `pause: false`, and `overflow` decides', async () => {
    const { last, messages } = await pulling({ highWaterMark: 2, pause: false, overflow: 'latest' });
    deliver(last, upTo(9));
    nextTask();
    expect(last.acts).toEqual([]);
    expect(await take(messages, 1)).toEqual([8]);
  });

  const unable: Record<string, (socket: PausableSocket) => unknown> = {
    'is not paused after pause()': (socket) => Object.defineProperty(socket, 'isPaused', { value: false, writable: false }),
    'throws from pause()': (socket) => Object.assign(socket, { pause: () => { throw new Error('not here'); } }),
    'has no resume()': (socket) => Object.assign(socket, { resume: undefined }),
  };
  it('S12: is not paused while work of `waitUntil` is pending, which needs an answer of the server', async () => {
    const { sockets, last, messages, socket } = await pulling();
    const work = new Subject<never>();
    const isPaused: boolean[] = [];
    const opening = socket.events.subscribe((event) => {
      if (event.type !== 'open' || event.attempt === 0) return;
      isPaused.push(sockets.last.isPaused);
      event.waitUntil(work);
    });
    deliver(last, upTo(8));
    last.drop();
    sockets.last.open();
    isPaused.push(sockets.last.isPaused);
    // Messages that come before the work is done have a limit of their own.
    deliver(sockets.last, upTo(4, 8));
    isPaused.push(sockets.last.isPaused);
    work.complete();
    isPaused.push(sockets.last.isPaused);
    expect(isPaused).toEqual([true, false, false, true]);
    expect(await take(messages, 12)).toEqual(upTo(12));
    expect(sockets.last.isPaused).toBe(false);
    opening.unsubscribe();
    await messages.return?.();
  });

  it('S15: keeps no more messages of unfinished work than the limit, across reconnects, and reports the loss once', async () => {
    const { sockets, last, messages, socket } = await pulling();
    const warnings: SocketWarning[] = [];
    socket.warnings.subscribe((warning) => warnings.push(warning));
    const opening = socket.events.subscribe((event) => event.type === 'open' && event.attempt > 0 && event.waitUntil(NEVER));
    deliver(last, upTo(8));
    for (let round = 0; round < 3; round++) {
      sockets.last.drop();
      sockets.last.open();
      deliver(sockets.last, upTo(20, 100 * (round + 1)));
      nextTask();
    }
    expect(warnings).toMatchObject([{ kind: 'dropped', count: 12, values: upTo(12, 100) }]);
    expect(await take(messages, 16)).toEqual([...upTo(8), ...upTo(8, 312)]);
    opening.unsubscribe();
    await messages.return?.();
  });

  it('S15: keeps no more than twice the limit for a loop that takes nothing, however often a login succeeds', async () => {
    const { sockets, last, messages, socket } = await pulling({ highWaterMark: 8, overflow: 'latest' });
    const logins: Subject<never>[] = [];
    const opening = socket.events.subscribe((event) => {
      if (event.type !== 'open' || event.attempt === 0) return;
      const login = new Subject<never>();
      logins.push(login);
      event.waitUntil(login);
    });
    deliver(last, upTo(8));
    for (let round = 0; round < 3; round++) {
      sockets.last.drop();
      sockets.last.open();
      deliver(sockets.last, upTo(8, 100 * (round + 1)));
      nextTask();
      logins.at(-1)?.complete();
    }
    const closed = socket.events.subscribe();
    socket.close();
    sockets.last.closeClean(1000);
    expect(await rest(messages)).toEqual([...upTo(8), ...upTo(8, 100)]);
    closed.unsubscribe();
    opening.unsubscribe();
  });

  describe('S15: a loop that takes nothing while the transport is paused for it', () => {
    const stalling = async (): Promise<Awaited<ReturnType<typeof pulling>> & { warnings: SocketWarning[] }> => {
      const all = await pulling();
      const warnings: SocketWarning[] = [];
      all.socket.warnings.subscribe((warning) => warnings.push(warning));
      return { ...all, warnings };
    };

    it('is reported after 10 s, once for each pause', async () => {
      const { last, messages, warnings } = await stalling();
      deliver(last, upTo(9));
      vi.advanceTimersByTime(9_999);
      expect(warnings).toEqual([]);
      vi.advanceTimersByTime(1);
      const stalled = { kind: 'stalled', count: 9, why: expect.any(String) as string };
      expect(warnings).toEqual([stalled]);
      vi.advanceTimersByTime(60_000);
      expect(warnings).toHaveLength(1);
      await take(messages, 9);
      deliver(last, upTo(8));
      vi.advanceTimersByTime(10_000);
      expect(warnings).toEqual([stalled, { ...stalled, count: 8 }]);
      await messages.return?.();
    });

    it('is not reported when it takes a message in time', async () => {
      const { last, messages, warnings } = await stalling();
      deliver(last, upTo(8));
      for (let taken = 0; taken < 5; taken++) {
        vi.advanceTimersByTime(9_500);
        await take(messages, 1);
      }
      expect(last.acts).toEqual(['pause']);
      expect(warnings).toEqual([]);
      await messages.return?.();
    });

    it('is not reported while a login keeps the transport from being paused', async () => {
      const { last, messages, socket, warnings } = await stalling();
      const login = new Subject<never>();
      const opening = socket.events.subscribe((event) => event.type === 'open' && event.waitUntil(login));
      deliver(last, upTo(8));
      vi.advanceTimersByTime(9_000);
      login.complete();
      expect(last.acts.at(-1)).toBe('pause');
      vi.advanceTimersByTime(9_000);
      expect(warnings).toEqual([]);
      vi.advanceTimersByTime(1_000);
      expect(warnings).toMatchObject([{ kind: 'stalled' }]);
      opening.unsubscribe();
      await messages.return?.();
    });

    it('is not reported for a connection that is gone', async () => {
      const { last, messages, warnings } = await stalling();
      deliver(last, upTo(8));
      last.drop();
      vi.advanceTimersByTime(20_000);
      expect(warnings).toEqual([]);
      await messages.return?.();
    });

    it.each([
      ['the connection has ended', ({ last }) => last.closeClean(1000)],
      ['Close is sent', ({ socket }) => socket.close()],
      ['the loop has ended', ({ messages }) => void messages.return?.()],
    ] as [string, (of: Awaited<ReturnType<typeof pulling>>) => void][])('is not reported once %s, and leaves no timer', async (_, end) => {
      const stalled = await stalling();
      deliver(stalled.last, upTo(8));
      end(stalled);
      vi.advanceTimersByTime(20_000);
      expect(stalled.warnings).toEqual([]);
      expect(vi.getTimerCount()).toBe(0);
    });
  });

  it.each(Object.entries(unable))('S15: counts as one that cannot be paused when it %s', async (_, disable) => {
    const { last, messages } = await pulling({ highWaterMark: 2, overflow: 'drop-oldest' });
    disable(last);
    if (Object.getOwnPropertyDescriptor(last, 'isPaused')?.writable === false) last.pause = () => undefined;
    deliver(last, upTo(9));
    nextTask();
    expect(await take(messages, 2)).toEqual([7, 8]);
  });
});
