import { BehaviorSubject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  after, pageCached, pageWake, reconnectOnCode, suspendWhile, webSocket, type ReconnectOptions, type SocketOperator, type SocketStatus,
} from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { Page } from './Page.js';
import { recorded } from './recorded.js';

// Only the build for platforms other than Node watches a page: here this mock selects it, as package.json does there.

let page: Page;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  page = new Page();
});
afterEach(() => {
  expect(page.listeners, 'no listener is left').toBe(0);
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function setUp(options?: ReconnectOptions, ...operators: SocketOperator<number, number>[]) {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const statuses: SocketStatus[] = [];
  socket.status.subscribe((status) => statuses.push(status));
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(60_000), options), ...operators).events);
  return { sockets, socket, statuses, seen };
}

describe('navigator.onLine', () => {
  it('is read when the page becomes visible: the network has gone meanwhile, and no attempt is made', () => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.navigator.onLine = false;
    page.show(true);
    sockets.last.drop();
    vi.advanceTimersByTime(100_000);
    expect([sockets.made.length, statuses.at(-1)]).toMatchObject([1, { why: 'offline' }]);
    page.goOnline();
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('is refuted by a connection that opens, also for a subject that is subscribed later', () => {
    page.navigator.onLine = false;
    const { sockets, socket, seen } = setUp();
    sockets.last.open();
    const later = recorded(socket.pipeEvents(reconnectOnCode(after(60_000))).events);
    page.show(true);
    sockets.last.drop();
    vi.advanceTimersByTime(60_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
    later.unsubscribe();
  });

  it('is refuted only until an `offline` event, which counts', () => {
    page.navigator.onLine = false;
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.goOffline();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline' });
    seen.unsubscribe();
  });

  it('counts again after the network was back: it has gone without an event', () => {
    const { sockets, statuses, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    page.goOnline();
    vi.advanceTimersByTime(500);
    page.navigator.onLine = false;
    page.show(true);
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline' });
    seen.unsubscribe();
  });

  it('that becomes true ends a wait within a second, whatever other signals come meanwhile', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const { sockets, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    page.goOnline();
    vi.advanceTimersByTime(800);
    page.show(true);
    vi.advanceTimersByTime(200);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });
});

describe('a suspension whose subscriber unsubscribes when the status reports it', () => {
  const causes: Record<string, { begin(): void; end(): void }> = {
    suspended: { begin: () => page.dispatch('window', 'pagehide'), end: () => page.dispatch('window', 'pageshow') },
    offline: { begin: () => page.goOffline(), end: () => page.goOnline() },
  };
  it.each(Object.entries(causes))('S9: does not hold back another subscriber: %s', (why, { begin, end }) => {
    const { sockets, socket, seen } = setUp({}, suspendWhile(pageCached()));
    const other = recorded(socket.pipeEvents(reconnectOnCode(after(5_000))).events);
    sockets.last.drop();
    const watching = socket.status.subscribe((status) => status.state === 'waiting' && status.why === why && seen.unsubscribe());
    begin();
    end();
    vi.advanceTimersByTime(5_000);
    expect(sockets.made).toHaveLength(2);
    watching.unsubscribe();
    other.unsubscribe();
  });
});

describe.each([
  ['default signals', () => ({}), ['the network is back', 'it becomes visible']],
  ['wake: pageWake()', () => ({ wake: pageWake() }), ['the network is back', 'it becomes visible', 'it is thawed', 'it leaves the back/forward cache']],
])('a page, %s', (_options, options, heard) => {
  const signals: Record<string, () => void> = {
    'the network is back': () => page.goOnline(),
    'it becomes visible': () => page.show(true),
    'it is thawed': () => page.dispatch('document', 'resume'),
    'it leaves the back/forward cache': () => page.dispatch('window', 'pageshow'),
  };

  it.each(Object.keys(signals))('ends a wait within a second, or does not listen, when %s', (signal) => {
    const { sockets, statuses, seen } = setUp(options());
    sockets.last.drop();
    vi.advanceTimersByTime(1_000);
    if (signal === 'the network is back') page.goOffline();
    signals[signal]?.();
    vi.advanceTimersByTime(499);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(heard.includes(signal) ? 2 : 1);
    expect(statuses.at(-1)?.state).toBe(heard.includes(signal) ? 'connecting' : 'waiting');
    seen.unsubscribe();
  });

  it.each(heard.slice(1))('ends the wait within that second, too, for a connection whose close arrives only after %s', (signal) => {
    const { sockets, seen } = setUp(options());
    sockets.last.open();
    signals[signal]?.();
    vi.advanceTimersByTime(1);
    sockets.last.drop();
    vi.advanceTimersByTime(748);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(2);
    expect(sockets.made).toHaveLength(2);
    // That was the one retry that the signal has brought about.
    sockets.last.drop();
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(2);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(3);
    seen.unsubscribe();
  });
});

describe('in a page', () => {
  it('a connection that ends half a second after a signal waits as long as the policy says', () => {
    const { sockets, seen } = setUp();
    sockets.last.open();
    page.show(true);
    vi.advanceTimersByTime(500);
    sockets.last.drop();
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('a connection that was dropped offline, and whose page is online again, reconnects within a second', () => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.goOffline();
    page.show(true);
    page.goOnline();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline' });
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('pageWake() does not emit when the page was just loaded', () => {
    const { sockets, seen } = setUp({ wake: pageWake() });
    page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    sockets.last.drop();
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it.each<[string, () => ReconnectOptions]>([
    ['default signals', () => ({})],
    ['wake: pageWake()', () => ({ wake: pageWake() })],
  ])('a wait goes on when it is hidden, %s', (_options, options) => {
    const { sockets, seen } = setUp(options());
    sockets.last.drop();
    page.show(false);
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it("no attempt is made while it is offline, and the status is waiting, 'offline'", () => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.goOffline();
    expect(sockets.last.closes, 'an open connection is left alone').toEqual([]);
    sockets.last.drop();
    vi.advanceTimersByTime(1e6);
    expect(sockets.made).toHaveLength(1);
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline', until: null });
    page.goOnline();
    vi.advanceTimersByTime(499);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('whose connection was opening when it went offline reconnects within a second after it is online again', () => {
    const { sockets, seen } = setUp();
    page.goOffline();
    sockets.last.open();
    sockets.last.drop();
    page.goOnline();
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('ends a wait that has begun since the network came back, when it becomes visible', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.9);
    const { sockets, seen } = setUp();
    sockets.last.open();
    page.goOffline();
    page.goOnline();
    vi.advanceTimersByTime(600);
    sockets.last.drop();
    page.show(true);
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that is offline from the beginning makes its first attempt, and no other', () => {
    page.navigator.onLine = false;
    const { sockets, statuses, seen } = setUp();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline' });
    vi.advanceTimersByTime(1e6);
    expect(sockets.made).toHaveLength(1);
    seen.unsubscribe();
  });

  it('that is offline and connects all the same is taken to be online', () => {
    page.navigator.onLine = false;
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay' });
    vi.advanceTimersByTime(60_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that is offline and connects all the same is taken to be online by each subject', () => {
    page.navigator.onLine = false;
    const { sockets, socket, seen } = setUp();
    const others = [1, 2].map(() => recorded(socket.pipeEvents(reconnectOnCode(after(60_000))).events));
    sockets.last.open();
    sockets.last.drop();
    vi.advanceTimersByTime(60_000);
    expect(others.map(({ log }) => log.at(-1))).toEqual(['connecting 1', 'connecting 1']);
    seen.unsubscribe();
    others.forEach((other) => other.unsubscribe());
  });

  it('navigator.onLine is read when it becomes visible: the network is back, without an event', () => {
    const { sockets, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    page.navigator.onLine = true;
    page.show(true);
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that goes offline again within the second stays as it is', () => {
    const { sockets, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    page.goOnline();
    page.show(true);
    vi.advanceTimersByTime(400);
    page.goOffline();
    vi.advanceTimersByTime(1e6);
    expect(sockets.made).toHaveLength(1);
    page.goOnline();
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('retryNow() while it is offline counts when it is online', () => {
    const { sockets, statuses, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    const status = statuses.at(-1);
    if (status?.state === 'waiting') status.retryNow();
    expect(sockets.made).toHaveLength(1);
    page.goOnline();
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('suspendWhile(pageCached()) closes the connection of a page in the back/forward cache, and reconnects when it is shown again', () => {
    const { sockets, statuses, seen } = setUp({}, suspendWhile(pageCached()));
    sockets.last.open();
    page.dispatch('window', 'pagehide');
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'suspended' });
    page.dispatch('window', 'pageshow');
    expect(sockets.made).toHaveLength(2);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 0 in Infinity', 'connecting 0']);
    seen.unsubscribe();
  });

  it('the back/forward cache does not close a connection without suspendWhile(pageCached())', () => {
    const { sockets, seen } = setUp();
    sockets.last.open();
    page.dispatch('window', 'pagehide');
    page.dispatch('window', 'pageshow');
    expect([sockets.last.closes, seen.log]).toEqual([[], ['connecting 0', 'open 0']]);
    seen.unsubscribe();
    sockets.last.closeClean(1000);
  });

  it('S5: an end by your code while it is offline is final', () => {
    const { sockets, socket, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    socket.close(4000);
    page.goOnline();
    vi.advanceTimersByTime(1e6);
    expect([sockets.made.length, seen.log.slice(2)]).toEqual([1, ['close 4000 clean local', 'complete']]);
  });

  it('that is suspended by your code, too, reports that first', () => {
    const isAway = new BehaviorSubject(false);
    const { sockets, statuses, seen } = setUp({}, suspendWhile(isAway));
    page.goOffline();
    isAway.next(true);
    expect(statuses.at(-1)).toMatchObject({ why: 'suspended' });
    isAway.next(false);
    expect(statuses.at(-1)).toMatchObject({ why: 'offline' });
    page.goOnline();
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it.each([
    ['a worker, which has no document', 'document', () => page.goOnline()],
    ['a page without a navigator', 'navigator', () => page.show(true)],
  ])('%s ends a wait, too', (_what, missing, signal) => {
    vi.stubGlobal(missing, undefined);
    for (const options of [{}, { wake: pageWake() }]) {
      const { sockets, seen } = setUp(options);
      sockets.last.drop();
      signal();
      vi.advanceTimersByTime(500);
      expect(sockets.made).toHaveLength(2);
      seen.unsubscribe();
    }
  });

  it('is not listened to where wake is false', () => {
    const { WebSocketCtor } = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor }).pipeEvents(reconnectOnCode(after(0), { wake: false }));
    const seen = recorded(socket.events);
    expect(page.listeners).toBe(0);
    seen.unsubscribe();
  });
});
