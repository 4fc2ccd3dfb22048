import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, heartbeat, iterate, reconnectOnCode, webSocket, type HeartbeatOptions } from '../../src/index.js';
import { pausableSockets } from '../subject/pausableSockets.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket, setUpFake } from '../subject/setUp.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const withPing: HeartbeatOptions<unknown, unknown> = { every: 30_000, timeout: 5_000, ping: () => 'ping', isPong: (message) => message === 'pong' };

function setUp(options: HeartbeatOptions<unknown, unknown> = withPing) {
  const all = setUpSocket<unknown>({}, { like: 'platform' }); // without ping() and terminate()
  const derived = all.socket.pipeEvents(heartbeat(options));
  const seen = recorded(derived.events);
  all.last().accept();
  const end = (): void => {
    all.socket.close();
    all.last().close(1000);
  };
  return { ...all, derived, seen, end };
}

const dead = 'close 1006 unclean transport';

describe('heartbeat', () => {
  it('pings, and keeps a connection whose server answers', () => {
    const { last, seen, end } = setUp();
    for (let i = 1; i <= 3; i++) {
      vi.advanceTimersByTime(29_999);
      expect(last().received).toHaveLength(i - 1);
      vi.advanceTimersByTime(1);
      expect(last().received).toHaveLength(i);
      last().send('pong');
    }
    vi.advanceTimersByTime(5_000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', ...Array<string>(3).fill('message "pong"')]);
    end();
  });

  it('counts any message as activity', () => {
    const { last, seen, end } = setUp();
    vi.advanceTimersByTime(30_001);
    last().send('a quote');
    vi.advanceTimersByTime(20_000);
    expect(seen.log.at(-1)).toBe('message "a quote"');
    end();
  });

  it.each([64_999, 60_000])('does not count silence while a loop pauses the transport, or right after that, and counts it later: paused until %i', async (resumed) => {
    const sockets = pausableSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    const derived = socket.pipeEvents(heartbeat({ every: 30_000, timeout: 5_000, ping: () => 0 }));
    const seen = recorded(derived.events);
    const messages = iterate(derived, { highWaterMark: 1 });
    const first = messages.next();
    sockets.last.open();
    for (const value of [1, 2]) sockets.last.message(value);
    await first;
    expect(sockets.last.isPaused).toBe(true);
    vi.advanceTimersByTime(resumed);
    expect(sockets.last.sent).toHaveLength(2);
    expect((await messages.next()).value).toBe(2);
    expect(sockets.last.isPaused).toBe(false);
    vi.advanceTimersByTime(94_999 - resumed);
    expect(seen.log.at(-1)).toBe('message 2');
    vi.advanceTimersByTime(1);
    expect(seen.log).toContain(dead);
    await expect(messages.next()).rejects.toMatchObject({ code: 1006 });
  });

  it('counts silence for a loop that does not keep up, where the transport cannot be paused', async () => {
    const { derived, last, seen } = setUp();
    const messages = iterate(derived, { highWaterMark: 1 });
    const first = messages.next();
    for (const value of [1, 2]) last().send(value);
    await first;
    vi.advanceTimersByTime(35_000);
    expect(seen.log).toContain(dead);
    await messages.return?.();
  });

  it('ends a connection on which nothing arrives: 1006, with a timeout as its cause', () => {
    const { last, seen } = setUp();
    last().send('before the ping');
    vi.advanceTimersByTime(34_999);
    expect(seen.log.at(-1)).not.toBe(dead);
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(-2)).toEqual([dead, 'WebSocketCloseError']);
    expect(seen.events.at(-1)).toMatchObject({ cause: { name: 'WebSocketTimeoutError', phase: 'heartbeat', ms: 5_000 } });
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('lets the policy decide, and starts again with each connection', () => {
    const { last, server, socket } = setUpSocket<unknown>();
    const seen = recorded(socket.pipeEvents(heartbeat(withPing), reconnectOnCode(after(0))).events);
    last().accept();
    vi.advanceTimersByTime(35_000);
    expect(server.connections).toHaveLength(2);
    last().accept();
    vi.advanceTimersByTime(30_000);
    expect(server.connections.map(({ received }) => received)).toEqual([['ping'], ['ping']]);
    last().send('pong');
    vi.advanceTimersByTime(10_000);
    expect(server.connections).toHaveLength(2);
    seen.unsubscribe();
  });

  it('sends pings only on their own connection, never through the outbox', () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.pipeEvents(heartbeat({ every: 10, timeout: 5_000, ping: () => 0 })).events);
    sockets.last.open();
    sockets.last.readyState = 2;
    vi.advanceTimersByTime(10);
    const statuses: number[] = [];
    socket.status.subscribe(({ queued }) => statuses.push(queued));
    expect([sockets.last.sent, statuses]).toEqual([[], [0]]);
    seen.unsubscribe();
    sockets.last.drop();
  });

  it('hides pongs with `hidePongs`', () => {
    const { last, seen, end } = setUp({ ...withPing, hidePongs: true });
    last().send('pong');
    last().send('quote');
    expect(seen.log.slice(2)).toEqual(['message "quote"']);
    end();
  });

  it('pings once per connection, however many subscribe, until the last one unsubscribes', () => {
    const { last, socket } = setUpSocket<unknown>();
    const base = recorded(socket.events);
    const events = socket.events.pipe(heartbeat(withPing));
    const [one, two] = [recorded(events), recorded(events)];
    last().accept();
    const three = recorded(events);
    vi.advanceTimersByTime(30_000);
    expect(last().received).toEqual(['ping']);
    one.unsubscribe();
    last().send('pong');
    vi.advanceTimersByTime(30_000);
    expect(last().received).toEqual(['ping', 'ping']);
    two.unsubscribe();
    three.unsubscribe();
    expect(vi.getTimerCount()).toBe(0);
    base.unsubscribe();
  });

  it('pings again for a subscriber that comes after the last one has unsubscribed', () => {
    const { last, socket } = setUpSocket<unknown>();
    const base = recorded(socket.events);
    const beating = socket.pipeEvents(heartbeat(withPing));
    const first = recorded(beating.events);
    last().accept();
    first.unsubscribe();
    const second = recorded(beating.events);
    vi.advanceTimersByTime(30_000);
    expect(last().received).toEqual(['ping']);
    for (const one of [second, base]) one.unsubscribe();
    last().close(1000);
  });

  it('counts a message that cannot be read as activity, too', () => {
    const { last, socket } = setUpSocket<unknown>({ onInvalid: 'drop' });
    const seen = recorded(socket.pipeEvents(heartbeat(withPing)).events);
    last().accept();
    for (let i = 0; i < 5; i++) {
      vi.advanceTimersByTime(30_000);
      last().sendText('pong, and no JSON');
    }
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
    seen.unsubscribe();
  });

  it('pings no more once our Close is sent', () => {
    const { last, socket, warnings } = setUp({ ...withPing, every: 1_000 });
    socket.close();
    vi.advanceTimersByTime(4_000);
    last().close(1000);
    expect([last().received, warnings]).toEqual([[], []]);
  });

  it('leaves a connection that is closing to its own deadline', () => {
    const { socket, seen } = setUp({ ...withPing, timeout: 1_000 });
    vi.advanceTimersByTime(30_000);
    socket.close();
    vi.advanceTimersByTime(4_999);
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
    vi.advanceTimersByTime(1);
    expect(seen.events.at(-1)).toMatchObject({ code: 1006, initiator: 'local', cause: { phase: 'close' } });
  });

  it('accepts a timeout longer than the time between pings', () => {
    const { last, seen } = setUp({ ...withPing, every: 1_000, timeout: 5_000 });
    vi.advanceTimersByTime(1_000);
    last().send('pong');
    vi.advanceTimersByTime(5_001);
    expect(last().received).toHaveLength(2);
    vi.advanceTimersByTime(5_000);
    expect(seen.log.at(-2)).toBe(dead);
  });
});

describe('S3: a late timer does not end a live connection', () => {
  /** Time passes and no timer runs: a machine asleep, a page that is frozen. */
  const sleep = (ms: number): void => {
    vi.setSystemTime(Date.now() + ms);
  };

  it('after a sleep the connection is pinged once more, and kept when the server answers', () => {
    const { last, seen, end } = setUp();
    vi.advanceTimersByTime(30_000);
    sleep(180_000);
    vi.advanceTimersByTime(5_000);
    expect(last().received).toEqual(['ping', 'ping']);
    last().send('pong');
    vi.advanceTimersByTime(5_000);
    expect(seen.log.at(-1)).toBe('message "pong"');
    end();
  });

  it('a timer that is a little late, because the event loop was blocked, lets queued messages be delivered before it judges', () => {
    const { last, seen, end } = setUp();
    vi.advanceTimersByTime(30_000);
    sleep(400);
    vi.advanceTimersByTime(5_000);
    expect(seen.log).not.toContain(dead);
    last().send('pong');
    vi.advanceTimersByTime(1);
    vi.advanceTimersByTime(24_000);
    expect(seen.log.at(-1)).toBe('message "pong"');
    end();
  });

  it.each([
    [10, 0],
    [400, 1],
    [1_000, 1],
  ])('a timer that is %i ms late ends the connection when nothing has arrived, %i ms later', (late, later) => {
    const { seen } = setUp();
    vi.advanceTimersByTime(30_000);
    sleep(late);
    vi.advanceTimersByTime(5_000);
    expect(seen.log.includes(dead)).toBe(later === 0);
    vi.advanceTimersByTime(later);
    expect(seen.log.at(-2)).toBe(dead);
  });

  it('two sleeps in a row end no connection whose answers are delivered after the timer', () => {
    const { last, seen, end } = setUp();
    vi.advanceTimersByTime(30_000);
    last().send('pong');
    for (let times = 0; times < 2; times++) {
      sleep(3_600_000);
      vi.advanceTimersByTime(5_000);
    }
    last().send('pong');
    vi.advanceTimersByTime(1);
    expect(seen.log).not.toContain(dead);
    end();
  });

  it('a message before a sleep does not count after it: the connection is pinged at once', () => {
    const { last, seen } = setUp();
    vi.advanceTimersByTime(30_000);
    last().send('pong');
    vi.advanceTimersByTime(1_000);
    sleep(180_000);
    vi.advanceTimersByTime(4_000);
    expect(last().received).toEqual(['ping', 'ping']);
    vi.advanceTimersByTime(5_000);
    expect(seen.log.at(-2)).toBe(dead);
  });

  it('after a sleep the connection is ended when the server does not answer the second ping', () => {
    const { seen } = setUp();
    vi.advanceTimersByTime(30_000);
    sleep(180_000);
    vi.advanceTimersByTime(10_000);
    expect(seen.log.at(-2)).toBe(dead);
  });

  it('with timers throttled to one a minute, a server that answers keeps its connection for an hour', () => {
    const { last, seen, end } = setUp();
    for (let minute = 0; minute < 60; minute++) {
      sleep(60_000);
      const before = last().received.length;
      vi.advanceTimersToNextTimer();
      if (last().received.length > before) last().send('pong');
    }
    expect(seen.log).not.toContain(dead);
    expect(last().received.length).toBeGreaterThan(20);
    end();
  });

  it('with timers throttled to one a minute, a dead connection is ended too', () => {
    const { seen } = setUp();
    for (let minute = 0; minute < 4; minute++) {
      sleep(60_000);
      vi.advanceTimersToNextTimer();
    }
    expect(seen.log.at(-2)).toBe(dead);
  });
});

describe('S16: callbacks', () => {
  it('a ping that throws is reported on warnings', () => {
    const { last, warnings, end } = setUp({ ...withPing, ping: () => { throw new Error('broken'); } }); // prettier-ignore
    vi.advanceTimersByTime(30_000);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'ping', error: { message: 'broken' } }]);
    last().send(1);
    end();
  });

  it.each([new Error('broken'), new DOMException('broken', 'InvalidStateError')])('S19: while ping throws, no ping is sent, and nothing is judged: %s', (error) => {
    const { last, seen, warnings, end } = setUp({ ...withPing, ping: () => { throw error; } }); // prettier-ignore
    vi.advanceTimersByTime(100_000);
    expect([last().received, seen.log]).toEqual([[], ['connecting 0', 'open 0']]);
    expect(warnings).toMatchObject([{ error }, { error }, { error }]);
    end();
  });

  it('an isPong that throws is reported on warnings, and hides nothing', () => {
    const isPong = (): boolean => {
      throw new Error('broken');
    };
    const { last, warnings, seen, end } = setUp({ ...withPing, isPong, hidePongs: true });
    last().send('pong');
    expect(seen.log.at(-1)).toBe('message "pong"');
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'isPong' }]);
    end();
  });

  it('a ping that ends the session leaves nothing behind', () => {
    const { last, seen } = setUp({ ...withPing, ping: () => last().drop() });
    vi.advanceTimersByTime(30_000);
    expect(seen.log.at(-2)).toBe(dead);
  });
});

describe('options', () => {
  it('without ping, on a transport that has none, is a warning and nothing else', () => {
    const { last, warnings, seen, end } = setUp({});
    vi.advanceTimersByTime(1e6);
    expect([last().received, seen.log]).toEqual([[], ['connecting 0', 'open 0']]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'heartbeat', error: { name: 'TypeError' } }]);
    end();
  });

  it.each([
    [{ every: 0 }, RangeError, 'every'],
    [{ timeout: NaN }, RangeError, 'timeout'],
    [{ ping: 'ping' }, TypeError, 'ping'],
    [{ isPong: 1 }, TypeError, 'isPong'],
    [{ hidePongs: true }, TypeError, 'hidePongs'],
    [{ expectEvery: 0 }, RangeError, 'expectEvery'],
    [{ expectEvery: Infinity }, RangeError, 'expectEvery'],
    [{ expectEvery: 60_000, every: 30_000 }, TypeError, 'every'],
    [{ expectEvery: 60_000, timeout: 5_000 }, TypeError, 'timeout'],
    [{ expectEvery: 60_000, ping: () => 'ping' }, TypeError, 'ping'],
  ])('%o throws', (options, type, key) => {
    expect(() => heartbeat(options as never)).toThrow(type);
    expect(() => heartbeat(options as never)).toThrow(key);
  });
});
