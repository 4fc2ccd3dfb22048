import { NEVER, Subject, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { after, pageCached, pageWake, reconnectOnCode, suspendWhile, webSocket, type ReconnectOptions, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import type { Behaviour } from '../server/protocol.js';
import { serverAt, type Peer } from '../server/serverAt.js';

const server = serverAt(inject('serverUrl'));
const peers: Peer[] = [];
/** The events of a page that the library listens to. */
const watched = ['offline', 'online', 'pagehide', 'pageshow', 'visibilitychange', 'resume'];

/** The present listeners for them, as target and type. */
const listeners = new Map<EventListenerOrEventListenerObject, string>();

function countListenersOf(target: Window | Document, name: string): void {
  const { addEventListener, removeEventListener } = target;
  vi.spyOn(target, 'addEventListener').mockImplementation((type: string, listener: any, ...rest: any[]) => {
    if (watched.includes(type)) listeners.set(listener, `${name} ${type}`);
    addEventListener.call(target, type, listener, ...rest);
  });
  vi.spyOn(target, 'removeEventListener').mockImplementation((type: string, listener: any, ...rest: any[]) => {
    if (listeners.get(listener) === `${name} ${type}`) listeners.delete(listener);
    removeEventListener.call(target, type, listener, ...rest);
  });
}

beforeEach(() => {
  listeners.clear();
  vi.spyOn(Math, 'random').mockReturnValue(0); // the part of a second after which a wait ends
  countListenersOf(window, 'window');
  countListenersOf(document, 'document');
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const peer of peers.splice(0)) await peer.dispose();
  expect([...listeners.values()], 'no listener is left').toEqual([]);
});

interface Session {
  peer: Peer;
  socket: WebSocketSubject<string>;
  status(): SocketStatus;
  /** Resolves once the status is in this state, with the fields of `more`. */
  until(state: SocketStatus['state'], more?: Partial<Extract<SocketStatus, { state: 'waiting' }>>): Promise<SocketStatus>;
  unsubscribe(): void;
}

/** A session whose retries are due in ten minutes. */
async function session(
  behaviours: Behaviour[],
  { away = NEVER, url = null, wake }: { away?: Observable<boolean>; url?: Observable<string> | null } & ReconnectOptions = {},
): Promise<Session> {
  const peer = await server.peer(...behaviours);
  peers.push(peer);
  const base = webSocket<string>({ url: () => url ?? peer.url });
  const statuses: SocketStatus[] = [];
  let changed = (): void => undefined;
  base.status.subscribe((status) => {
    statuses.push(status);
    changed();
  });
  const socket = base.pipeEvents(reconnectOnCode(after(600_000), { wake }), suspendWhile(away), suspendWhile(pageCached()));
  const subscription = socket.subscribe({ error: () => undefined });
  const status = (): SocketStatus => statuses.at(-1)!;
  const until: Session['until'] = (state, more = {}) => new Promise((resolve) => {
    const holds = (): boolean => {
      const now = status() as SocketStatus & { why?: string };
      return now.state === state && (more.why === undefined || now.why === more.why);
    };
    changed = () => {
      if (holds()) resolve(status());
    };
    changed();
  });
  return { peer, socket, status, until, unsubscribe: () => subscription.unsubscribe() };
}

const dispatch = (target: EventTarget, type: string): boolean => target.dispatchEvent(new Event(type));

describe('in a real page', () => {
  it.each([
    ['it becomes visible', () => dispatch(document, 'visibilitychange'), () => undefined],
    ['it becomes visible, with pageWake()', () => dispatch(document, 'visibilitychange'), pageWake],
    ['it is thawed, with pageWake()', () => dispatch(document, 'resume'), pageWake],
    ['it leaves the back/forward cache, with pageWake()', () => dispatch(window, 'pageshow'), pageWake],
  ])('a wait of ten minutes ends when %s', async (_when, signal, wake) => {
    const { until, unsubscribe } = await session([{ onOpen: [{ do: 'destroy' }] }, {}], { wake: wake() });
    await until('waiting');
    expect(document.visibilityState).toBe('visible');
    signal();
    expect(await until('open')).toMatchObject({ attempt: 1 });
    unsubscribe();
    await until('closed');
  });

  it('a wait is `offline` while the page is, and ends when it is online', async () => {
    const { peer, until, unsubscribe } = await session([{}, {}]);
    await until('open');
    dispatch(window, 'offline');
    await peer.at(0).end();
    expect(await until('waiting')).toMatchObject({ why: 'offline', until: null, attempt: 1 });
    dispatch(window, 'online');
    expect(await until('open')).toMatchObject({ attempt: 1 });
    expect(await peer.count()).toBe(2);
    unsubscribe();
    await until('closed');
  });

  it('suspendWhile(pageCached()) closes the connection at pagehide and reconnects at pageshow', async () => {
    const { peer, until, socket, unsubscribe } = await session([{}, {}]);
    await until('open');
    dispatch(window, 'pagehide');
    expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000 });
    expect(await until('waiting')).toMatchObject({ why: 'suspended', until: null });
    socket.next('while it was away');
    dispatch(window, 'pageshow');
    await until('open');
    expect(await peer.at(1).jsons(1)).toEqual(['while it was away']);
    expect(await peer.count()).toBe(2);
    unsubscribe();
    await until('closed');
  });

  const all = ['document visibilitychange', 'window offline', 'window online', 'window pagehide', 'window pageshow'];

  type Enter = (away: Subject<boolean>) => Promise<Session>;
  const opened = async (away: Subject<boolean>): Promise<Session> => {
    const made = await session([{}], { away });
    await made.until('open');
    return made;
  };
  const phases: Record<string, Enter> = {
    'its url is pending': (away) => session([{}], { away, url: NEVER }),
    'it connects': async (away) => {
      const made = await session([{ handshake: 'hold' }], { away });
      await made.peer.at(0).requested();
      return made;
    },
    'it is open': opened,
    'it closes': async (away) => {
      const made = await session([{ onClose: 'hold' }], { away });
      await made.until('open');
      made.socket.close(4000);
      await made.peer.at(0).closeFrame();
      return made;
    },
    'it waits': async (away) => {
      const made = await session([{ onOpen: [{ do: 'destroy' }] }], { away });
      await made.until('waiting', { why: 'delay' });
      return made;
    },
    'it is suspended': async (away) => {
      const made = await opened(away);
      away.next(true);
      await made.until('waiting', { why: 'suspended' });
      return made;
    },
    'the page is offline': async (away) => {
      const made = await opened(away);
      dispatch(window, 'offline');
      await made.peer.at(0).end();
      await made.until('waiting', { why: 'offline' });
      return made;
    },
    'the page is in the back/forward cache': async (away) => {
      const made = await opened(away);
      dispatch(window, 'pagehide');
      await made.until('waiting', { why: 'suspended' });
      return made;
    },
  };
  const ends: Record<string, (made: Session) => void> = {
    'close()': ({ socket }) => socket.close(),
    'complete()': ({ socket }) => socket.complete(),
    'the last unsubscribe': ({ unsubscribe }) => unsubscribe(),
  };

  describe.each(Object.entries(phases))('while %s', (phase, enter) => {
    it.each(Object.entries(ends))('the library listens to the page, and not after %s has ended the session', async (_how, end) => {
      const away = new Subject<boolean>();
      const made = await enter(away);
      expect([...listeners.values()].sort()).toEqual(all);
      expect(away.observed).toBe(true);
      end(made);
      if (phase === 'it closes') await made.peer.at(0).answerClose();
      await made.until('closed');
      expect([...listeners.values()]).toEqual([]);
      expect(away.observed).toBe(false);
      await made.peer.allGone();
    });
  });
});
