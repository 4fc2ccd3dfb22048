import { BehaviorSubject, NEVER } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, pageCached, reconnectOnCode, suspendWhile, webSocket, type SocketStatus, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { fakeSockets, type FakeSocket } from './FakeSocket.js';
import { Page } from './Page.js';
import { recorded, type Recorded } from './recorded.js';

// Only the build for platforms other than Node watches a page: here this mock selects it, as package.json does there.

let page: Page;
beforeEach(() => {
  vi.useFakeTimers({ now: 0 });
  page = new Page();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

interface InPhase {
  socket: WebSocketSubject<number>;
  derived: WebSocketSubject<number>;
  seen: Recorded;
  away: BehaviorSubject<boolean>;
  last(): FakeSocket;
  count(): number;
  status(): SocketStatus;
}

function made(config: Partial<WebSocketSubjectConfig<number>> = {}): InPhase {
  const sockets = fakeSockets();
  const away = new BehaviorSubject(false);
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, ...config });
  let now: SocketStatus = { state: 'idle', queued: 0 };
  socket.status.subscribe((status) => (now = status));
  const derived = socket.pipeEvents(reconnectOnCode(after(600_000)), suspendWhile(away), suspendWhile(pageCached()));
  return { socket, derived, seen: recorded(derived.events), away, last: () => sockets.last, count: () => sockets.made.length, status: () => now };
}

function opened(): InPhase {
  const session = made();
  session.last().open();
  return session;
}

const then = (session: InPhase, ...steps: ((session: InPhase) => void)[]): InPhase => {
  for (const step of steps) step(session);
  return session;
};

/** How a session is brought into each phase, and what the status says in it. */
const phases: Readonly<Record<string, [() => InPhase, Record<string, unknown>]>> = {
  'its url pending': [() => made({ url: () => NEVER }), { state: 'connecting' }],
  connecting: [() => made(), { state: 'connecting' }],
  open: [opened, { state: 'open' }],
  closing: [() => then(opened(), ({ derived }) => derived.close(4000)), { state: 'closing' }],
  waiting: [() => then(opened(), ({ last }) => last().drop()), { state: 'waiting', why: 'delay' }],
  'visible again, about to connect': [
    () => then(opened(), ({ last }) => last().drop(), () => page.show(true)),
    { state: 'waiting', why: 'delay' },
  ],
  offline: [() => then(opened(), () => page.goOffline(), ({ last }) => last().drop()), { state: 'waiting', why: 'offline' }],
  'online again, about to connect': [
    () => then(opened(), () => page.goOffline(), ({ last }) => last().drop(), () => page.goOnline()),
    { state: 'waiting', why: 'offline' },
  ],
  'open while offline': [() => then(opened(), () => page.goOffline()), { state: 'open' }],
  suspended: [() => then(opened(), ({ away }) => away.next(true), ({ last }) => last().closeClean(1000)), { state: 'waiting', why: 'suspended' }],
  'being suspended': [() => then(opened(), ({ away }) => away.next(true)), { state: 'closing' }],
  'in the back/forward cache': [() => then(opened(), () => page.dispatch('window', 'pagehide'), ({ last }) => last().closeClean(1000)), { state: 'waiting', why: 'suspended' }],
  'entering the back/forward cache': [() => then(opened(), () => page.dispatch('window', 'pagehide')), { state: 'closing' }],
};

const ends: Readonly<Record<string, (session: InPhase) => void>> = {
  'close()': ({ derived }) => derived.close(4001),
  'close() of the base subject': ({ socket }) => socket.close(),
  'complete()': ({ derived }) => derived.complete(),
  'error()': ({ derived }) => derived.error(new Error('boom')),
  'the last unsubscribe': ({ seen }) => seen.unsubscribe(),
  'unsubscribe() of the subject': ({ socket }) => socket.unsubscribe(),
};

/** `offline`, `online` and `visibilitychange` for `reconnectOnCode`, `pagehide` and `pageshow` for `pageCached()`. */
const listenersOfASession = 5;

describe.each(Object.entries(phases))('%s', (_phase, [enter, status]) => {
  it.each(Object.entries(ends))('listens to the page, and neither listener nor timer is left after %s', (_how, end) => {
    const session = enter();
    expect(session.status()).toMatchObject(status);
    expect([page.listeners, session.away.observed]).toEqual([listenersOfASession, true]);
    const count = session.count();
    end(session);
    if (session.status().state === 'closing') session.last().closeClean(1000);
    expect(session.status().state).toBe('closed');
    expect([page.listeners, session.away.observed, vi.getTimerCount()]).toEqual([0, false, 0]);
    expect(session.count(), 'no connection was made').toBe(count);
    // Later events of the page have no effect.
    const received = session.seen.log.length;
    page.goOffline();
    page.goOnline();
    page.dispatch('window', 'pageshow');
    vi.advanceTimersByTime(10_000);
    expect([session.seen.log.length, session.status().state, session.count()]).toEqual([received, 'closed', count]);
  });
});

it('two sessions of one subject that overlap have their own listeners, and none is left after both', () => {
  const first = opened();
  first.derived.close();
  const second = recorded(first.derived.events);
  expect(page.listeners).toBe(2 * listenersOfASession);
  const old = first.seen;
  first.last().closeClean(1000);
  second.unsubscribe();
  old.unsubscribe();
  vi.advanceTimersByTime(60_000);
  expect([page.listeners, vi.getTimerCount()]).toEqual([0, 0]);
});
