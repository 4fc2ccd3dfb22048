import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { heartbeat, iterate, reconnectOnCode, after, webSocket, type HeartbeatOptions } from '../../src/index.js';
import { fakeSockets, type FakeSocket, type Made } from '../subject/FakeSocket.js';
import { pausableSockets } from '../subject/pausableSockets.js';
import { recorded } from '../subject/recorded.js';
import { everyMs, uplinks } from './uplinks.js';

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const expecting: HeartbeatOptions<unknown, string> = { expectEvery: 10_000 };

function setUp<S extends FakeSocket>(sockets: Made<S>, options = expecting) {
  const socket = webSocket<unknown, string>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, onInvalid: 'drop' });
  socket.warnings.subscribe();
  const subject = socket.pipeEvents(heartbeat(options));
  const started = performance.now();
  const seen = recorded(subject.events);
  let endedAt: number | undefined;
  socket.status.subscribe(({ state }) => {
    if (state === 'closed') endedAt ??= performance.now() - started;
  });
  sockets.last.open();
  return { sockets, link: sockets.last, subject, seen, ended: () => endedAt };
}

/** The event loop, or the machine, stands still: what the clocks say goes on, and no timer fires. */
function standStill(ms: number): void {
  vi.setSystemTime(Date.now() + ms);
}

describe('S19: with expectEvery', () => {
  it('a connection on which nothing arrives after the open is ended: 1006, with a timeout as its cause', () => {
    const { ended, seen } = setUp(fakeSockets());
    vi.advanceTimersByTime(9_999);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(ended()).toBe(10_000);
    expect(seen.events.at(-1)).toMatchObject({ code: 1006, cause: { name: 'WebSocketTimeoutError', phase: 'heartbeat', ms: 10_000 } });
  });

  it('it counts from each message, sends nothing, and reports nothing', () => {
    const { ended, link } = setUp(fakeSockets());
    everyMs(9_000, 90_000, () => link.message('a quote'));
    expect([ended(), link.sent]).toEqual([undefined, []]);
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBe(91_000);
  });

  it('it counts from a message that cannot be read, also after one that can', () => {
    const { ended, link } = setUp(fakeSockets());
    vi.advanceTimersByTime(1_000);
    link.message('a quote');
    vi.advanceTimersByTime(8_000);
    link.onmessage({ data: '{' });
    vi.advanceTimersByTime(9_000);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBeLessThanOrEqual(20_000);
  });

  it('what is sent shows nothing, and gives the server no more time', () => {
    const { ended, subject } = setUp(uplinks());
    everyMs(1_000, 20_000, () => subject.next('x'.repeat(1_000_000)));
    expect(ended()).toBe(10_000);
  });

  it('nor does it after a message', () => {
    const { ended, link, subject } = setUp(fakeSockets());
    subject.next('x'.repeat(1_000_000));
    vi.advanceTimersByTime(5_000);
    link.message('a quote');
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBe(15_000);
  });

  it('where bytes show, any byte counts, and a dead connection is ended at most 1 s later', () => {
    const { ended, link } = setUp(uplinks());
    everyMs(9_500, 95_000, () => link.receive(2));
    expect(ended()).toBeUndefined();
    link.isDead = true;
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBeLessThanOrEqual(95_000 - 9_500 + 11_000);
  });

  it('where bytes show, one that comes after a message counts too, though no look is between them', () => {
    const { ended, link } = setUp(uplinks(), { expectEvery: 800 });
    vi.advanceTimersByTime(100);
    for (let n = 0; n < 10; n++) {
      link.message('a quote');
      vi.advanceTimersByTime(690);
      link.receive(2);
      vi.advanceTimersByTime(210);
    }
    expect(ended()).toBeUndefined();
    link.isDead = true;
    vi.advanceTimersByTime(60_000);
  });

  it('silence does not count while a loop pauses the transport', async () => {
    const { ended, link, subject } = setUp(pausableSockets());
    const messages = iterate(subject, { highWaterMark: 1 });
    const first = messages.next();
    for (const value of [1, 2]) link.message(value);
    await first;
    expect(link.isPaused).toBe(true);
    vi.advanceTimersByTime(600_000);
    expect(ended()).toBeUndefined();
    await messages.next();
    expect(link.isPaused).toBe(false);
    vi.advanceTimersByTime(9_999);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(10_001);
    expect(ended()).toBeLessThanOrEqual(620_000);
    await expect(messages.next()).rejects.toMatchObject({ code: 1006 });
  });

  it('a timer that is more than 1 s late gives one more full period, and no third one', () => {
    const { ended } = setUp(fakeSockets());
    standStill(60_000);
    vi.advanceTimersByTime(10_000);
    expect(ended()).toBeUndefined();
    standStill(60_000);
    vi.advanceTimersByTime(9_999);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(2);
    expect(ended()).toBe(20_001);
  });

  it('that applies to each period, also to one that began with a message', () => {
    const { ended, link } = setUp(fakeSockets());
    vi.advanceTimersByTime(5_000);
    link.message('a quote');
    vi.advanceTimersByTime(5_000);
    standStill(60_000);
    vi.advanceTimersByTime(14_999);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(1);
    expect(ended()).toBe(25_000);
  });

  it('a timer that is a little late lets queued messages be delivered before it judges', () => {
    const { ended, link } = setUp(fakeSockets());
    standStill(500);
    setTimeout(() => link.message('a quote'), 10_000);
    vi.advanceTimersByTime(10_000);
    vi.advanceTimersByTime(9_000);
    expect(ended()).toBeUndefined();
    vi.advanceTimersByTime(60_000);
    expect(ended()).toBe(20_000);
  });

  it('the policy decides, and each connection starts again', () => {
    const sockets = fakeSockets();
    const socket = webSocket<unknown>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    const seen = recorded(socket.pipeEvents(heartbeat({ expectEvery: 10_000 }), reconnectOnCode({ 1006: after(0) })).events);
    for (const made of [1, 2]) {
      expect(sockets.made).toHaveLength(made);
      sockets.last.open();
      vi.advanceTimersByTime(10_001);
    }
    expect(seen.events.filter(({ type }) => type === 'reconnecting')).toHaveLength(2);
    socket.close();
  });

  it('hidePongs hides the beats, which count all the same', () => {
    const { ended, link, seen, subject } = setUp(fakeSockets(), { ...expecting, isPong: (message) => message === 'beat', hidePongs: true });
    everyMs(9_000, 90_000, () => link.message('beat'));
    expect([ended(), seen.log]).toEqual([undefined, ['connecting 0', 'open 0']]);
    subject.close();
    link.closeClean(1000);
  });
});
