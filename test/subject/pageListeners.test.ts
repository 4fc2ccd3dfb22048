import { BehaviorSubject, NEVER } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, suspendWhile, webSocket, type SocketStatus, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { fakeSockets, type FakeSocket } from './FakeSocket.js';
import { Page } from './Page.js';
import { recorded, type Recorded } from './recorded.js';

// A page is watched where the library does not run in Node: what package.json decides there, decided here.
vi.mock('#transport', () => import('../../src/transport/platform.js'));

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
  face: WebSocketSubject<number>;
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
  const face = socket.pipeEvents(reconnectOnCode(after(600_000)), suspendWhile(away));
  return { socket, face, seen: recorded(face.events), away, last: () => sockets.last, count: () => sockets.made.length, status: () => now };
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
  closing: [() => then(opened(), ({ face }) => face.close(4000)), { state: 'closing' }],
  waiting: [() => then(opened(), ({ last }) => last().drop()), { state: 'waiting', why: 'delay' }],
  'woken, about to connect': [
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
  'put away': [() => then(opened(), () => page.tell('window', 'pagehide'), ({ last }) => last().closeClean(1000)), { state: 'waiting', why: 'suspended' }],
  'being put away': [() => then(opened(), () => page.tell('window', 'pagehide')), { state: 'closing' }],
};

const ends: Readonly<Record<string, (session: InPhase) => void>> = {
  'close()': ({ face }) => face.close(4001),
  'close() of the base face': ({ socket }) => socket.close(),
  'complete()': ({ face }) => face.complete(),
  'error()': ({ face }) => face.error(new Error('boom')),
  'the last to leave': ({ seen }) => seen.unsubscribe(),
  'unsubscribe() of the subject': ({ socket }) => socket.unsubscribe(),
};

describe.each(Object.entries(phases))('%s', (_phase, [enter, status]) => {
  it.each(Object.entries(ends))('listens to the page, and neither listener nor timer is left after %s', (_how, end) => {
    const session = enter();
    expect(session.status()).toMatchObject(status);
    expect([page.listeners, session.away.observed]).toEqual([6, true]);
    const count = session.count();
    end(session);
    if (session.status().state === 'closing') session.last().closeClean(1000);
    expect(session.status().state).toBe('closed');
    expect([page.listeners, session.away.observed, vi.getTimerCount()]).toEqual([0, false, 0]);
    expect(session.count(), 'no connection was made').toBe(count);
    // What the page says later reaches nobody.
    const told = session.seen.log.length;
    page.goOffline();
    page.goOnline();
    page.tell('window', 'pageshow');
    vi.advanceTimersByTime(10_000);
    expect([session.seen.log.length, session.status().state, session.count()]).toEqual([told, 'closed', count]);
  });
});

it('two sessions of one subject that overlap listen each for itself, and none is left after both', () => {
  const first = opened();
  first.face.close();
  const second = recorded(first.face.events);
  expect(page.listeners).toBe(12);
  const old = first.seen;
  first.last().closeClean(1000);
  second.unsubscribe();
  old.unsubscribe();
  vi.advanceTimersByTime(60_000);
  expect([page.listeners, vi.getTimerCount()]).toEqual([0, 0]);
});
