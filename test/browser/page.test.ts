import { NEVER, Subject, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { after, reconnectOnCode, suspendWhile, webSocket, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import type { Behaviour } from '../server/protocol.js';
import { serverAt, type Peer } from '../server/serverAt.js';

const server = serverAt(inject('serverUrl'));
const peers: Peer[] = [];
/** The events of a page that the library listens to. */
const watched = ['offline', 'online', 'pagehide', 'pageshow', 'visibilitychange', 'resume'];

/** The listeners for them that there are now, by target and type. */
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
  face: WebSocketSubject<string>;
  status(): SocketStatus;
  /** Resolves once the status is in this state, with what `more` asks for. */
  until(state: SocketStatus['state'], more?: Partial<Extract<SocketStatus, { state: 'waiting' }>>): Promise<SocketStatus>;
  leave(): void;
}

/** A session whose retries would be made in ten minutes. */
async function session(behaviours: Behaviour[], away: Observable<boolean> = NEVER, url: Observable<string> | null = null): Promise<Session> {
  const peer = await server.peer(...behaviours);
  peers.push(peer);
  const socket = webSocket<string>({ url: () => url ?? peer.url });
  const statuses: SocketStatus[] = [];
  let changed = (): void => undefined;
  socket.status.subscribe((status) => {
    statuses.push(status);
    changed();
  });
  const face = socket.pipeEvents(reconnectOnCode(after(600_000)), suspendWhile(away));
  const subscription = face.subscribe({ error: () => undefined });
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
  return { peer, face, status, until, leave: () => subscription.unsubscribe() };
}

const tell = (target: EventTarget, type: string): boolean => target.dispatchEvent(new Event(type));

describe('in a real page', () => {
  it.each([
    ['it is looked at', () => tell(document, 'visibilitychange')],
    ['it is thawed', () => tell(document, 'resume')],
    ['it is shown again', () => tell(window, 'pageshow')],
  ])('a wait of ten minutes ends when %s', async (_when, signal) => {
    const { until, leave } = await session([{ onOpen: [{ do: 'destroy' }] }, {}]);
    await until('waiting');
    expect(document.visibilityState).toBe('visible');
    signal();
    expect(await until('open')).toMatchObject({ attempt: 1 });
    leave();
    await until('closed');
  });

  it('a wait says that the page is offline, and ends when it is online', async () => {
    const { peer, until, leave } = await session([{}, {}]);
    await until('open');
    tell(window, 'offline');
    await peer.at(0).end();
    expect(await until('waiting')).toMatchObject({ why: 'offline', until: null, attempt: 1 });
    tell(window, 'online');
    expect(await until('open')).toMatchObject({ attempt: 1 });
    expect(await peer.count()).toBe(2);
    leave();
    await until('closed');
  });

  it('the connection is closed at pagehide and made again at pageshow', async () => {
    const { peer, until, face, leave } = await session([{}, {}]);
    await until('open');
    tell(window, 'pagehide');
    expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000 });
    expect(await until('waiting')).toMatchObject({ why: 'suspended', until: null });
    face.next('while it was away');
    tell(window, 'pageshow');
    await until('open');
    expect(await peer.at(1).jsons(1)).toEqual(['while it was away']);
    expect(await peer.count()).toBe(2);
    leave();
    await until('closed');
  });

  const all = ['document resume', 'document visibilitychange', 'window offline', 'window online', 'window pagehide', 'window pageshow'];

  type Enter = (away: Subject<boolean>) => Promise<Session>;
  const opened = async (away: Subject<boolean>): Promise<Session> => {
    const made = await session([{}], away);
    await made.until('open');
    return made;
  };
  const phases: Record<string, Enter> = {
    'its url is pending': (away) => session([{}], away, NEVER),
    'it connects': async (away) => {
      const made = await session([{ handshake: 'hold' }], away);
      await made.peer.at(0).requested();
      return made;
    },
    'it is open': opened,
    'it closes': async (away) => {
      const made = await session([{ onClose: 'hold' }], away);
      await made.until('open');
      made.face.close(4000);
      await made.peer.at(0).closeFrame();
      return made;
    },
    'it waits': async (away) => {
      const made = await session([{ onOpen: [{ do: 'destroy' }] }], away);
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
      tell(window, 'offline');
      await made.peer.at(0).end();
      await made.until('waiting', { why: 'offline' });
      return made;
    },
    'the page is put away': async (away) => {
      const made = await opened(away);
      tell(window, 'pagehide');
      await made.until('waiting', { why: 'suspended' });
      return made;
    },
  };
  const ends: Record<string, (made: Session) => void> = {
    'close()': ({ face }) => face.close(),
    'complete()': ({ face }) => face.complete(),
    'the last to leave': ({ leave }) => leave(),
  };

  describe.each(Object.entries(phases))('while %s', (phase, enter) => {
    it.each(Object.entries(ends))('it is listened to, and no more once %s has ended the session', async (_how, end) => {
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
