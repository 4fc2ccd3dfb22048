import { NEVER, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  after, closeGracefully, reconnectOnCode, stop, webSocket, WebSocketTimeoutError, type SocketStatus, type WebSocketSubject, type WebSocketSubjectConfig,
} from '../../src/index.js';
import { FakeSocket, fakeSockets } from './FakeSocket.js';
import { platformSockets } from './platformSockets.js';
import { recorded, type Recorded } from './recorded.js';
import { lastClose } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

const kinds = { 'a socket of the platform': platformSockets, 'any other socket': fakeSockets };
type Kind = keyof typeof kinds;

type Phase = 'its url pending' | 'connecting' | 'failing to connect' | 'open' | 'failing' | 'ending gracefully' | 'closing' | 'waiting';

interface InPhase {
  derived: WebSocketSubject<number>;
  socket: WebSocketSubject<number>;
  seen: Recorded;
  when: Subject<void>;
  last(): FakeSocket;
  state(): SocketStatus['state'];
}

function made(kind: Kind, phase: Phase, config: Partial<WebSocketSubjectConfig<number>> = {}): InPhase {
  const sockets = kinds[kind]();
  const when = new Subject<void>();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, ...config });
  const derived = socket.pipeEvents(reconnectOnCode(phase === 'waiting' ? after(60_000) : stop), closeGracefully(when, { until: NEVER }));
  let state: SocketStatus['state'] = 'idle';
  socket.status.subscribe((status) => ({ state } = status));
  const seen = recorded(derived.events);
  return { derived, socket, seen, when, last: () => sockets.made.at(-1)!, state: () => state };
}

interface PhaseOf {
  /** How many timers it has: on any other socket, on a socket of the platform. */
  timers: readonly [number, number];
  wasOpen: boolean;
  enter(kind: Kind): InPhase;
}

const opened = (session: InPhase): InPhase => {
  session.last().open();
  return session;
};
const then = (session: InPhase, act: (session: InPhase) => void): InPhase => {
  act(session);
  return session;
};

/** How a session is brought into each phase. */
const phases: Readonly<Record<Phase, PhaseOf>> = {
  'its url pending': { timers: [1, 1], wasOpen: false, enter: (kind) => made(kind, 'its url pending', { url: () => NEVER }) },
  connecting: { timers: [1, 1], wasOpen: false, enter: (kind) => made(kind, 'connecting') },
  'failing to connect': {
    timers: [1, 1], wasOpen: false, enter: (kind) => then(made(kind, 'failing to connect'), ({ last }) => last().fail('refused')),
  },
  open: { timers: [0, 1], wasOpen: true, enter: (kind) => opened(made(kind, 'open')) },
  failing: { timers: [1, 2], wasOpen: true, enter: (kind) => then(opened(made(kind, 'failing')), ({ last }) => last().fail('reset')) },
  'ending gracefully': {
    timers: [1, 2], wasOpen: true, enter: (kind) => then(opened(made(kind, 'ending gracefully')), ({ when }) => when.next()),
  },
  closing: { timers: [1, 1], wasOpen: true, enter: (kind) => then(opened(made(kind, 'closing')), ({ socket }) => socket.close(4000)) },
  waiting: { timers: [1, 1], wasOpen: false, enter: (kind) => then(opened(made(kind, 'waiting')), ({ last }) => last().drop()) },
};

const byYourCode: Readonly<Record<string, (of: InPhase) => void>> = {
  'close()': ({ derived }) => derived.close(4001, 'bye'),
  'close() of the base subject': ({ socket }) => socket.close(),
  'complete()': ({ derived }) => derived.complete(),
  'error() with a code': ({ derived }) => derived.error({ code: 4002 }),
  'error() with an Error': ({ derived }) => derived.error(new Error('boom')),
  'the last unsubscribe': ({ seen }) => seen.unsubscribe(),
  'unsubscribe() of the subject': ({ socket }) => socket.unsubscribe(),
  'closeGracefully, and then close()': ({ when, socket }) => {
    when.next();
    socket.close();
  },
};

/** Ends by the network, in the phases that have a transport. */
const byTheNetwork: Readonly<Record<string, (of: InPhase) => void>> = {
  "the server's Close": ({ last }) => last().closeClean(1000),
  'a drop': ({ last }) => last().drop(),
  'an error and a drop': ({ last }) => {
    last().fail('reset');
    last().drop();
  },
};

/** How the server answers a Close. */
const answers: Readonly<Record<string, (of: InPhase) => void>> = {
  answered: ({ last }) => last().closeClean(4001),
  'answered by a drop': ({ last }) => last().drop(),
  // `until` of a graceful shutdown has as long again.
  'never answered': () => vi.advanceTimersByTime(10_000),
};

const each = Object.keys(kinds).flatMap((kind) => Object.keys(phases).map((phase) => ({ kind: kind as Kind, phase: phase as Phase })));
const withATransport = each.filter(({ phase }) => !['its url pending', 'waiting'].includes(phase));

describe.each(each)('$phase, on $kind', ({ phase, kind }) => {
  it('has no more timers than it needs', () => {
    phases[phase].enter(kind);
    const [onAnyOther, onThePlatforms] = phases[phase].timers;
    expect(vi.getTimerCount()).toBe(kind === 'a socket of the platform' ? onThePlatforms : onAnyOther);
  });

  for (const [how, end] of Object.entries(byYourCode)) {
    for (const [answer, settle] of Object.entries(phases[phase].wasOpen ? answers : { 'nothing to answer': () => undefined })) {
      it(`leaves no timer when ended by ${how}, ${answer}`, () => {
        const session = phases[phase].enter(kind);
        end(session);
        settle(session);
        expect([session.state(), vi.getTimerCount()]).toEqual(['closed', 0]);
      });
    }
  }
});

describe.each(withATransport)('$phase, on $kind', ({ phase, kind }) => {
  it.each(Object.entries(byTheNetwork))('leaves no timer when ended by %s', (_, end) => {
    const session = phases[phase].enter(kind);
    end(session);
    expect([session.state(), vi.getTimerCount()]).toEqual(['closed', 0]);
  });
});

describe.each(Object.keys(kinds) as Kind[])('on %s', (kind) => {
  it.each(['its url pending', 'connecting', 'failing to connect'] as const)('%s leaves no timer when it times out', (phase) => {
    const session = phases[phase].enter(kind);
    vi.advanceTimersByTime(10_000);
    expect([session.state(), vi.getTimerCount()]).toEqual(['closed', 0]);
    expect(session.seen.log.at(-1)).toBe('WebSocketCloseError');
  });

  it('closeGracefully leaves no timer when `until` never emits and the server never answers', () => {
    const session = phases['ending gracefully'].enter(kind);
    vi.advanceTimersByTime(5_000);
    expect(session.last().closes).toEqual([[1000]]);
    vi.advanceTimersByTime(5_000);
    expect([session.state(), vi.getTimerCount()]).toEqual(['closed', 0]);
  });

  it('a wait leaves no timer when its connection is made and closed', () => {
    const session = phases.waiting.enter(kind);
    vi.advanceTimersByTime(60_000);
    session.last().open();
    session.socket.close();
    session.last().closeClean(1000);
    expect([session.state(), vi.getTimerCount()]).toEqual(['closed', 0]);
  });

  it('a constructor that refuses leaves no timer', () => {
    class Refusing extends FakeSocket {
      constructor(url: string) {
        super(url);
        throw new SyntaxError('never');
      }
    }
    const { state } = made(kind, 'connecting', { WebSocketCtor: Refusing });
    expect([state(), vi.getTimerCount()]).toEqual(['closed', 0]);
  });
});

describe('the timer of an open connection', () => {
  it('S3: finds a socket of the platform that has begun to close without an event', () => {
    const { seen, last } = phases.open.enter('a socket of the platform');
    last().readyState = 2;
    vi.advanceTimersByTime(9_999);
    expect(seen.log.at(-1)).toBe('open 0');
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toEqual(new WebSocketTimeoutError('close', 5_000));
    expect(vi.getTimerCount()).toBe(0);
  });

  it('fires every closeTimeout while the connection is open, and does nothing to a healthy one', () => {
    const setInterval = vi.spyOn(globalThis, 'setInterval');
    const { seen, last, state, socket } = made('a socket of the platform', 'open', { closeTimeout: 70 });
    last().open();
    expect(setInterval.mock.calls.map(([, ms]) => ms)).toEqual([70]);
    vi.advanceTimersByTime(70_000);
    expect([seen.log, state(), vi.getTimerCount()]).toEqual([['connecting 0', 'open 0'], 'open', 1]);
    socket.close();
    last().closeClean(1000);
  });

  it('does not keep a process of Node alive', () => {
    vi.useRealTimers();
    const setInterval = vi.spyOn(globalThis, 'setInterval');
    const { last, socket } = phases.open.enter('a socket of the platform');
    expect(setInterval).toHaveBeenCalledTimes(1);
    expect((setInterval.mock.results[0]?.value as NodeJS.Timeout).hasRef()).toBe(false);
    socket.close();
    last().closeClean(1000);
  });

  it('may be a number, as it is outside of Node', () => {
    vi.spyOn(globalThis, 'setInterval').mockReturnValue(5 as never);
    const { socket, seen, last } = phases.open.enter('a socket of the platform');
    socket.close(4000);
    last().closeClean(4000);
    expect(seen.log.slice(1)).toEqual(['open 0', 'close 4000 clean local', 'complete']);
  });

  it("S3: exists for a socket of the platform that can be terminated, as Bun's own can, and terminates it", () => {
    const terminate = vi.fn();
    const { made: sockets, WebSocketCtor } = platformSockets({ terminate });
    const seen = recorded(webSocket({ url: 'ws://fake', WebSocketCtor }).events);
    sockets[0]?.open();
    Object.assign(sockets[0] ?? {}, { readyState: 2 });
    vi.advanceTimersByTime(10_000);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect([terminate.mock.calls.length, vi.getTimerCount()]).toEqual([1, 0]);
  });

  it('does not exist for a socket that is no EventTarget', () => {
    const setInterval = vi.spyOn(globalThis, 'setInterval');
    phases.open.enter('any other socket');
    expect([setInterval.mock.calls, vi.getTimerCount()]).toEqual([[], 0]);
  });
});
