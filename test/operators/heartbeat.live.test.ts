import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heartbeat, ping, webSocket, type HeartbeatOptions, type SocketOpen } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { everyMs, uplinks } from './uplinks.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  vi.clearAllTimers();
  vi.useRealTimers();
});

type Options = HeartbeatOptions<unknown, string>;

const byMessages: Options = { ping: () => 'ping' };
const longest = Buffer.alloc(3_000_000, 'x').toString();
/** A slice costs nothing; what `repeat` makes is copied when its bytes are counted. */
const text = (bytes: number): string => longest.slice(0, bytes);
const megabyte = text(1_000_000);

function setUp(options: Options, uplink: Parameters<typeof uplinks>[0] = {}) {
  const sockets = uplinks(uplink);
  const socket = webSocket<unknown, string>({
    url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, serializer: (value) => (value === 'ping' ? '"ping"' : value), outbox: { highWaterMark: 1e9 }, onInvalid: 'drop',
  }).pipeEvents(heartbeat(options));
  const started = performance.now();
  const seen = recorded(socket.events);
  sockets.last.open();
  let endedAt: number | undefined;
  socket.status.subscribe(({ state }) => {
    if (state === 'closed') endedAt ??= performance.now() - started;
  });
  return { link: sockets.last, socket, seen, ended: () => endedAt };
}

describe.each([
  ['pings of the protocol, where bytes show', {}, true],
  ['pings of the protocol, where only pongs show', {}, false],
  ['messages, where bytes show', byMessages, true],
  ['messages, where only messages show', byMessages, false],
])('S19: with %s', (_how, options: Options, showsBytes) => {
  it('8 MB over 1 Mbit/s end no connection: the pong comes after 64 s', () => {
    const { ended, link, socket } = setUp(options, { showsBytes });
    for (let n = 0; n < 8; n++) socket.next(megabyte);
    vi.advanceTimersByTime(25_000);
    expect(link.underWay).toBeGreaterThan(4_000_000);
    vi.advanceTimersByTime(300_000);
    expect(ended()).toBeUndefined();
  });

  it('24 MB of characters that have three bytes each end no connection', () => {
    const { ended, socket } = setUp(options, { showsBytes });
    socket.next('字'.repeat(8_000_000));
    vi.advanceTimersByTime(300_000);
    expect(ended()).toBeUndefined();
  });

  it('a message that comes while values are leaving ends no connection: the server may not have read a byte', () => {
    const { ended, link, socket } = setUp(options, { showsBytes });
    for (let n = 0; n < 8; n++) socket.next(megabyte);
    vi.advanceTimersByTime(1_000);
    link.message('a quote');
    vi.advanceTimersByTime(19_000);
    link.message('a quote');
    vi.advanceTimersByTime(15_000);
    link.message('a quote');
    vi.advanceTimersByTime(300_000);
    expect(ended()).toBeUndefined();
  });

  it('a server that reads slowly keeps its connection', () => {
    const { ended, socket } = setUp(options, { showsBytes, rate: 100, kernel: 200_000 });
    everyMs(1_000, 60_000, () => socket.next(text(150_000)));
    vi.advanceTimersByTime(300_000);
    expect(ended()).toBeUndefined();
  });

  it('a dead connection is ended within `every + timeout`', () => {
    const { ended, link, seen } = setUp(options, { showsBytes });
    link.isDead = true;
    vi.advanceTimersByTime(36_000);
    expect(ended()).toBe(35_000);
    expect(seen.events.at(-1)).toMatchObject({ code: 1006, cause: { name: 'WebSocketTimeoutError', phase: 'heartbeat', ms: 10_000 } });
  });

  it('one that dies while 2 kB a second are sent is ended within `every + timeout` + 2 s, at once or after ten minutes', () => {
    for (const lifetime of [0, 600_000]) {
      const { ended, link, socket } = setUp(options, { showsBytes });
      everyMs(100, lifetime, () => socket.next(text(200)));
      expect(ended()).toBeUndefined();
      link.isDead = true;
      everyMs(100, 50_000, () => socket.next(text(200)));
      expect(ended()).toBeLessThanOrEqual(lifetime + 37_000);
    }
  });

  it('waits 1 s longer for each 100 kB that were sent since something came in, and not for what leaves after the ping', () => {
    const { ended, link, seen, socket } = setUp(options, { showsBytes });
    link.isDead = true;
    socket.next(megabyte);
    vi.advanceTimersByTime(26_000);
    for (let n = 0; n < 8; n++) socket.next(megabyte);
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBe(45_000);
    expect(seen.events.at(-1)).toMatchObject({ cause: { ms: 20_000 } });
  });

  it('after a sleep a second ping has as long as the first one: nothing shows that what was sent before has left', () => {
    const { ended, link, socket } = setUp(options, { showsBytes });
    link.isDead = true;
    socket.next(megabyte);
    vi.advanceTimersByTime(44_000);
    vi.setSystemTime(Date.now() + 60_000);
    vi.advanceTimersByTime(20_999);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(ended()).toBe(65_000);
  });

  it('a message does not read the clock, which is slow, unless more than 100 kB were sent since that was read', () => {
    const { link, socket } = setUp(options, { showsBytes });
    const clock = vi.spyOn(performance, 'now');
    const readings = (): number => {
      clock.mockClear();
      link.message('a quote');
      return clock.mock.calls.length;
    };
    socket.next(text(100_000));
    expect(readings()).toBe(0);
    vi.advanceTimersByTime(25_500);
    socket.next(text(50_000));
    expect(readings()).toBe(0);
    socket.next(text(50_001));
    expect(readings()).toBeGreaterThan(0);
    expect(readings()).toBe(0);
    clock.mockRestore();
  });

  it('what was sent before a message counts only as long as it needs at 100 kB a second', () => {
    const { ended, link, socket } = setUp(options, { showsBytes });
    socket.next(megabyte);
    vi.advanceTimersByTime(1_000);
    link.message('a quote');
    link.isDead = true;
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBe(35_000);
  });

  it('a connection that dies after a late pong is ended soon', () => {
    const { ended, link, socket } = setUp(options, { showsBytes });
    for (let n = 0; n < 8; n++) socket.next(megabyte);
    vi.advanceTimersByTime(65_000);
    expect(link.underWay).toBe(0);
    link.isDead = true;
    vi.advanceTimersByTime(300_000);
    expect(ended()).toBeLessThanOrEqual(65_000 + 25_000 + 10_000 + 2_000 + (options.ping ? 8_000_000 / 100 : 0));
  });

  it('what was sent after a ping has not left when the pong comes', () => {
    const { ended, link, socket } = setUp(options, { showsBytes, rate: 105, kernel: 4_194_304 });
    vi.advanceTimersByTime(20_998);
    socket.next(text(3_000_000));
    vi.advanceTimersByTime(4_002);
    socket.next(text(2_000_000));
    link.message('a quote');
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBeUndefined();
  });

  it('what ten minutes of fast sending has left behind is bounded', () => {
    const { ended, link, socket } = setUp(options, { showsBytes, rate: 10_000 });
    everyMs(1_000, 600_000, () => {
      socket.next(megabyte);
      link.message('a quote');
    });
    link.isDead = true;
    vi.advanceTimersByTime(600_000);
    expect(ended()).toBeLessThanOrEqual(600_000 + 35_000 + 2 * 4_194_304 / 100 + 20_000);
  });

  it('no order of sending and receiving ends a live connection, and every dead one is ended', () => {
    const step = fc.record({ wait: fc.integer({ min: 0, max: 20_000 }), send: fc.constantFrom(0, 200, 90_000, 1_000_000, 3_000_000), hears: fc.boolean() });
    const property = fc.property(fc.array(step, { maxLength: 20 }), fc.integer({ min: 100, max: 1_000 }), (steps, rate) => {
      const { ended, link, socket } = setUp(options, { showsBytes, rate, kernel: 4_194_304 });
      for (const { hears, send, wait } of steps) {
        if (send > 0) socket.next(text(send));
        if (hears) link.message('a quote');
        vi.advanceTimersByTime(wait);
      }
      vi.advanceTimersByTime(rate);
      expect(ended()).toBeUndefined();
      const sent = steps.reduce((sum, { send }) => sum + send, 0);
      link.isDead = true;
      vi.advanceTimersByTime(45_000 + sent / 50);
      expect(ended()).toBeDefined();
      vi.clearAllTimers();
    });
    fc.assert(property, { numRuns: 100 });
  });
});

describe('S19: where bytes show', () => {
  const often: Options = { every: 300, timeout: 200 };

  it('a message whose bytes arrive for longer than `timeout` ends no connection', () => {
    const { ended, link } = setUp(often, { onPing: 'nothing' });
    everyMs(10, 3_000, () => link.receive(20_000));
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(500);
    expect(ended()).toBeDefined();
  });

  it('a server that sends pings of its own and answers none keeps the connection', () => {
    const { ended, link } = setUp(often, { onPing: 'nothing' });
    everyMs(50, 30_000, () => link.receive(2));
    expect(ended()).toBeUndefined();
  });

  it('a server that answers with any other bytes keeps the connection', () => {
    const { ended } = setUp(often, { onPing: 'bytes' });
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBeUndefined();
  });

  it('elsewhere only whole messages and pongs count', () => {
    const { ended, link } = setUp(often, { onPing: 'bytes', showsBytes: false });
    everyMs(50, 1_000, () => link.receive(2));
    expect(ended()).toBe(500);
  });
});

describe('S19: pongs', () => {
  it('and a message that cannot be read both count, where bytes do not show', () => {
    const { ended, link } = setUp({ every: 300, timeout: 200 }, { onPing: 'nothing', showsBytes: false });
    vi.advanceTimersByTime(400);
    link.onmessage({ data: 'no JSON' });
    link.pong('');
    vi.advanceTimersByTime(399);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBe(800);
  });

  it('that are missing since your own pings have pushed out that of the heartbeat show nothing: what was sent before still counts', () => {
    const { ended, link, seen, socket } = setUp({}, { rate: 101, kernel: 4_194_304 });
    for (let n = 0; n < 8; n++) socket.next(megabyte);
    vi.advanceTimersByTime(25_000);
    for (let n = 0; n < 100; n++) ping(seen.events[1] as SocketOpen<unknown, string>).catch(() => undefined);
    vi.advanceTimersByTime(5_000);
    for (let n = 0; n < 5; n++) socket.next(megabyte);
    link.message('a quote');
    vi.advanceTimersByTime(300_000);
    expect(ended()).toBeUndefined();
  });

  it.each([true, false])('with another payload end no connection (bytes show: %s)', (showsBytes) => {
    const { ended } = setUp({}, { onPing: 'empty pong', showsBytes });
    vi.advanceTimersByTime(600_000);
    expect(ended()).toBeUndefined();
  });

  it('beside a message that cannot be read ends no connection', () => {
    const { ended, link } = setUp({ every: 300, timeout: 200 }, { onPing: 'empty pong', showsBytes: false });
    vi.advanceTimersByTime(400);
    link.onmessage({ data: '{' });
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBeUndefined();
  });

  it('one pong may answer all pings before it: each promise settles, and no later one', async () => {
    const { link, seen } = setUp({ every: 1e9 }, { onPing: 'nothing' });
    const open = seen.events[1] as SocketOpen<unknown, string>;
    const settled: number[] = [];
    for (const n of [0, 1, 2]) void ping(open).then(() => settled.push(n));
    link.pong(link.pings[1]!);
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toEqual([0, 1]);
    link.pong('');
    link.pong(link.pings[1]!);
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toEqual([0, 1]);
    link.pong(link.pings[2]!);
    await vi.advanceTimersByTimeAsync(0);
    expect(settled).toEqual([0, 1, 2]);
  });

  it('a pong for your own ping, that answers the one of the heartbeat too, keeps the connection', async () => {
    const { ended, link, seen } = setUp({ every: 300, timeout: 200 }, { onPing: 'nothing' });
    const open = seen.events[1] as SocketOpen<unknown, string>;
    const trips: number[] = [];
    for (let n = 0; n < 10; n++) {
      vi.advanceTimersByTime(300);
      void ping(open).then((ms) => trips.push(ms));
      link.pong(link.pings.at(-1)!);
      await vi.advanceTimersByTimeAsync(0);
    }
    expect([ended(), trips]).toEqual([undefined, Array<number>(10).fill(0)]);
  });
});
