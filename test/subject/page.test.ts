import { BehaviorSubject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, suspendWhile, webSocket, type SocketOperator, type SocketStatus } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { Page } from './Page.js';
import { recorded } from './recorded.js';

// A page is watched where the library does not run in Node: what package.json decides there, decided here.
vi.mock('#transport', () => import('../../src/transport/platform.js'));

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

function setUp(...operators: SocketOperator<number, number>[]) {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const statuses: SocketStatus[] = [];
  socket.status.subscribe((status) => statuses.push(status));
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(60_000)), ...operators).events);
  return { sockets, socket, statuses, seen };
}

describe('what a page says when it is asked', () => {
  it.each([
    ['it is thawed', () => page.tell('document', 'resume')],
    ['it is shown again', () => page.tell('window', 'pageshow')],
  ])('counts when %s: the network has gone meanwhile, and no attempt is wasted', (_what, tell) => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.navigator.onLine = false;
    tell();
    sockets.last.drop();
    vi.advanceTimersByTime(100_000);
    expect([sockets.made.length, statuses.at(-1)]).toMatchObject([1, { why: 'offline' }]);
    page.goOnline();
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('is refuted by a connection that opens, also for a face that is subscribed later', () => {
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

  it('is back within a second, however often other signals come meanwhile', () => {
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

describe('a suspension whose owner leaves as it is told', () => {
  const causes: Record<string, { begin(): void; end(): void }> = {
    suspended: { begin: () => page.tell('window', 'pagehide'), end: () => page.tell('window', 'pageshow') },
    offline: { begin: () => page.goOffline(), end: () => page.goOnline() },
  };
  it.each(Object.entries(causes))('S9: holds back nobody else: %s', (why, { begin, end }) => {
    const { sockets, socket, seen } = setUp();
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

describe('in a page', () => {
  it.each([
    ['the network is back', () => page.goOnline()],
    ['it is looked at again', () => page.show(true)],
    ['it is thawed', () => page.tell('document', 'resume')],
    ['it is shown again', () => page.tell('window', 'pageshow')],
  ])('a wait ends within a second when %s', (_what, tell) => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.drop();
    vi.advanceTimersByTime(1_000);
    if (_what === 'the network is back') page.goOffline();
    tell();
    vi.advanceTimersByTime(499);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    expect(statuses.at(-1)?.state).toBe('connecting');
    seen.unsubscribe();
  });

  it.each([
    ['it is looked at again', () => page.show(true)],
    ['it is thawed', () => page.tell('document', 'resume')],
  ])('the wait for a connection whose end is told only after %s ends within that second, too', (_what, tell) => {
    const { sockets, seen } = setUp();
    sockets.last.open();
    tell();
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

  it('one that ends later than that waits as long as the policy says', () => {
    const { sockets, seen } = setUp();
    sockets.last.open();
    page.tell('document', 'resume');
    vi.advanceTimersByTime(500);
    sockets.last.drop();
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that was dropped offline while it was frozen, and is online again, connects within a second', () => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.goOffline();
    page.tell('document', 'resume');
    page.goOnline();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline' });
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that has just been loaded has not been shown again: an attempt that fails waits as long as the policy says', () => {
    const { sockets, seen } = setUp();
    page.window.dispatchEvent(Object.assign(new Event('pageshow'), { persisted: false }));
    sockets.last.drop();
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('a wait goes on when it is hidden', () => {
    const { sockets, seen } = setUp();
    sockets.last.drop();
    page.show(false);
    vi.advanceTimersByTime(59_999);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('no attempt is wasted while it is offline, and the status says so', () => {
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

  it('that is offline from the beginning makes its first attempt, and no other', () => {
    page.navigator.onLine = false;
    const { sockets, statuses, seen } = setUp();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'offline' });
    vi.advanceTimersByTime(1e6);
    expect(sockets.made).toHaveLength(1);
    seen.unsubscribe();
  });

  it('that says offline and connects all the same is not believed', () => {
    page.navigator.onLine = false;
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    sockets.last.drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'delay' });
    vi.advanceTimersByTime(60_000);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that has missed that the network is back learns it when it is shown or thawed', () => {
    const { sockets, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    page.navigator.onLine = true;
    page.tell('document', 'resume');
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('that goes offline again within the second stays as it is', () => {
    const { sockets, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    page.goOnline();
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

  it('that is put away has its connection closed, and another one made when it is shown again', () => {
    const { sockets, statuses, seen } = setUp();
    sockets.last.open();
    page.tell('window', 'pagehide');
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'suspended' });
    page.tell('window', 'pageshow');
    expect(sockets.made).toHaveLength(2);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in Infinity', 'connecting 1']);
    seen.unsubscribe();
  });

  it('S5: an end by the program while it is offline is final', () => {
    const { sockets, socket, seen } = setUp();
    page.goOffline();
    sockets.last.drop();
    socket.close(4000);
    page.goOnline();
    vi.advanceTimersByTime(1e6);
    expect([sockets.made.length, seen.log.slice(2)]).toEqual([1, ['close 4000 clean local', 'complete']]);
  });

  it('that is suspended by the program, too, says so first', () => {
    const isAway = new BehaviorSubject(false);
    const { sockets, statuses, seen } = setUp(suspendWhile(isAway));
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

  it('is not listened to where wake is false', () => {
    const { WebSocketCtor } = fakeSockets();
    const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor }).pipeEvents(reconnectOnCode(after(0), { wake: false }));
    const seen = recorded(socket.events);
    expect(page.listeners).toBe(0);
    seen.unsubscribe();
  });
});
