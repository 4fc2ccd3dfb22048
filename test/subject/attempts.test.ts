import { EMPTY, Observable } from 'rxjs';
import { WebSocket as UndiciWebSocket } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as Ws } from 'ws';
import { after, reconnectOnCode, type ConnectionContext, type ReconnectPolicy, type WebSocketCtor, type WebSocketSubjectConfig } from '../../src/index.js';
import { FakeSocket } from './FakeSocket.js';
import { recorded } from './recorded.js';
import { lastClose, manualServer, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const failed = ['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError'];

it('S1: an attempt that was aborted delivers neither open nor messages, whatever its transport still emits', () => {
  const { socket, sockets } = setUpFake();
  const seen = recorded(socket.events);
  const [connecting] = seen.events;
  if (connecting?.type === 'connecting') connecting.abort('given up');
  sockets.last.open();
  sockets.last.message(1);
  sockets.last.drop();
  expect(seen.log).toEqual(['connecting 0']);
  vi.runAllTimers();
  expect(seen.log).toEqual(failed);
  expect(lastClose(seen)).toMatchObject({ opened: false, cause: 'given up' });
});

it('S5: close() of `connecting` ends the session with that code, and checks it first', () => {
  const { socket, server } = setUp();
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
  const [connecting] = seen.events;
  if (connecting?.type !== 'connecting') throw new Error('no attempt');
  expect(() => connecting.close(1005 as never)).toThrow('1005');
  connecting.close(4003, 'no');
  expect(seen.log).toEqual(['connecting 0', 'close 4003 no clean local', 'complete']);
  expect(server.connections).toHaveLength(1);
});

it('a message before the open is delivered: some mocks never emit `open`', () => {
  const { socket, sockets } = setUpFake();
  const seen = recorded(socket.events);
  sockets.last.message(1);
  expect(seen.log).toEqual(['connecting 0', 'message 1']);
  socket.close();
});

it('S7: close() inside the connectTimeout function makes no transport, and leaves no timer', () => {
  const { socket, server } = setUp({
    connectTimeout: () => {
      socket.close(4000);
      return 1_000;
    },
  });
  const seen = recorded(socket.events);
  expect([seen.log, server.connections, vi.getTimerCount()]).toEqual([['connecting 0', 'close 4000 clean local', 'complete'], [], 0]);
  expect(lastClose(seen).host).toBe('');
});

it('S7: close() inside the constructor closes what that has made', () => {
  const made: FakeSocket[] = [];
  class Closing extends FakeSocket {
    constructor(url: string) {
      super(url);
      made.push(this);
      socket.close(4000);
    }
  }
  const { socket } = setUpFake({ WebSocketCtor: Closing });
  const seen = recorded(socket.events);
  expect([seen.log, made.map(({ closes }) => closes)]).toEqual([['connecting 0', 'close 4000 clean local', 'complete'], [[[1000]]]]);
});

it('a socket of the `transport` function that is open already opens at once, with an event of its own', () => {
  const openObserver = { next: vi.fn() };
  const given = Object.assign(new FakeSocket('ws://fake'), { readyState: 1 });
  const { socket } = setUpFake({ transport: () => given as never, openObserver });
  const seen = recorded(socket.events);
  expect([seen.log, openObserver.next.mock.calls]).toEqual([['connecting 0', 'open 0'], [[{ type: 'open', target: given }]]]);
  socket.close();
  given.closeClean(1000);
});

it('S3: a socket of the `transport` function that is closed already is a failed attempt', () => {
  const { socket } = setUpFake({ transport: () => Object.assign(new FakeSocket('ws://fake'), { readyState: 3 }) as never });
  const seen = recorded(socket.events);
  vi.advanceTimersByTime(0);
  expect(seen.log).toEqual(failed);
  expect(lastClose(seen).cause).toEqual(new Error('transport: already closed'));
});

it.each(['url', 'protocol', 'transportOptions'])('S1: a %s that ends without a value is a failed attempt, and says so', (name) => {
  const { socket } = setUp({ [name]: () => EMPTY });
  const seen = recorded(socket.events);
  vi.advanceTimersByTime(0);
  expect(seen.log).toEqual(failed);
  expect(lastClose(seen).cause).toEqual(new TypeError(`${name}: ended without a value`));
});

it('an observable of `url` is unsubscribed at its first value', () => {
  let given = 0;
  const url = new Observable<string>((subscriber) => {
    while (!subscriber.closed && given < 10) subscriber.next(`ws://fake/${given++}`);
  });
  const { socket, last } = setUp({ url: () => url });
  recorded(socket.events);
  expect([given, last().url]).toEqual([1, 'ws://fake/0']);
  socket.close();
});

it('the signal of an attempt is aborted when it is first read after the end', () => {
  let given: ConnectionContext | undefined;
  const { socket } = setUp({ url: (context) => ((given = context), 'ws://fake') });
  recorded(socket.events);
  socket.close();
  expect(given?.signal.aborted).toBe(true);
});

it.each([
  ['url', 'ws://fake'],
  ['protocol', 'chat'],
  ['transportOptions', {}],
])('S7: abort() inside the %s function makes no transport', (name, value) => {
  let abort = (): void => undefined;
  const { socket, server } = setUp({
    [name]: () => {
      abort();
      return value;
    },
  });
  const seen: string[] = [];
  socket.events.subscribe({
    next: (event) => {
      seen.push(event.type);
      if (event.type === 'connecting') abort = () => event.abort();
    },
    error: () => seen.push('error'),
  });
  vi.runAllTimers();
  expect([server.connections, seen]).toEqual([[], ['connecting', 'close', 'error']]);
});

it.each([
  ['url', { url: () => 'ws://fake' }],
  ['protocol', { protocol: () => 'chat' }],
] as [string, Partial<WebSocketSubjectConfig<number>>][])('S1: a constructor that refuses the result of the `%s` function is a failed attempt, and the policy decides', (_name, config) => {
  const { last, server } = manualServer();
  const cause = new SyntaxError('never');
  class Refusing extends server.WebSocket {
    constructor(url: string) {
      super(url);
      if (server.connections.length === 1) throw cause;
    }
  }
  const { socket, statuses } = setUp({ ...config, WebSocketCtor: Refusing });
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
  expect(seen.log).toEqual(['connecting 0']);
  vi.advanceTimersByTime(0);
  last().accept();
  expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 0', 'connecting 1', 'open 1']);
  expect(seen.events[1]).toMatchObject({ closeEvent: { code: 1006, wasClean: false, opened: false, initiator: 'transport', cause } });
  expect(statuses.some(({ state }) => state === 'closed')).toBe(false);
  socket.close();
});

it.each(['its `transport` function', 'on() of its transport'])('S7: reconnect() inside %s ends the attempt once, and the next one goes on', (where) => {
  const made: FakeSocket[] = [];
  const transport = (): never => {
    const fake = Object.assign(new FakeSocket('ws://fake'), where === 'on() of its transport' && { on: () => made.length === 1 && socket.reconnect() });
    made.push(fake);
    if (where !== 'on() of its transport' && made.length === 1) {
      socket.reconnect();
      fake.readyState = 3;
    }
    return fake as never;
  };
  const { socket } = setUpFake({ transport });
  const seen = recorded(socket.events);
  vi.advanceTimersByTime(0);
  made.at(-1)?.open();
  expect(seen.log).toEqual(['connecting 0', 'reconnecting 0 in 0', 'connecting 0', 'open 0']);
  expect(seen.events[1]).toMatchObject({ closeEvent: { code: 1000, reason: '', wasClean: true, initiator: 'local', opened: false } });
  expect(made.map(({ isAlive }) => isAlive)).toEqual([false, true]);
  socket.close();
  made.at(-1)?.closeClean(1000);
});

it.each([
  ['a number', 5],
  ['nothing', undefined],
  ['an object', { href: 'ws://fake' }],
])('S1: a url function that returns %s is a failed attempt, without a transport', (_what, value) => {
  const { socket, server } = setUp({ url: () => value as never });
  const seen = recorded(socket.events);
  vi.runAllTimers();
  expect([seen.log, server.connections]).toEqual([failed, []]);
  expect(lastClose(seen)).toMatchObject({ opened: false, cause: expect.any(TypeError) as unknown });
});

class UnreadableUrl extends URL {
  override toString(): string {
    throw new Error('unreadable');
  }
}
const unreadable = new UnreadableUrl('ws://127.0.0.1');

describe.each([
  ['ws', Ws],
  ['undici', UndiciWebSocket],
] as [string, WebSocketCtor][])('S1: with %s, a string that no transport can take', (_transport, WebSocketCtor) => {
  const urls = [
    ['an empty string', '', 'SyntaxError'],
    ['a path, outside a page', '/ws', 'SyntaxError'],
    ['a scheme alone', 'wss://', 'SyntaxError'],
    ['a port that cannot be', 'ws://127.0.0.1:99999', 'SyntaxError'],
    ['a URL whose `toString` throws', unreadable, 'Error'],
  ] as const;

  it.each(urls)('is a failed attempt if a `url` function gives it, and the policy decides: %s', async (_what, url, name) => {
    for (const given of [() => url, () => Promise.resolve(url)]) {
      const policy = vi.fn<ReconnectPolicy>(({ attempt }) => (attempt === 1 ? 0 : null));
      const { socket } = setUp({ url: given, WebSocketCtor });
      const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
      await vi.runAllTimersAsync();
      expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 0', 'connecting 1', 'close 1006 unclean transport', 'WebSocketCloseError']);
      for (const [{ closeEvent }] of policy.mock.calls) expect(closeEvent).toMatchObject({ code: 1006, opened: false, cause: { name } });
    }
  });

  it.each(urls)('is the bare error of the constructor if it is constant: %s', (_what, url, name) => {
    const policy = vi.fn(() => 0);
    const { socket, statuses } = setUp({ url, WebSocketCtor });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    expect(seen.log).toEqual(['connecting 0', name]);
    expect(policy).not.toHaveBeenCalled();
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', closeEvent: null, error: seen.error });
  });
});

it('S1: a `url` function that returns an object whose `toString` throws is a failed attempt', () => {
  const { socket, server } = setUp({ url: () => ({ toString: broken }) as never });
  const seen = recorded(socket.events);
  vi.runAllTimers();
  expect([seen.log, server.connections]).toEqual([failed, []]);
});

const broken = (): never => {
  throw new Error('broken');
};
it.each([
  ['url', { url: broken }],
  ['protocol', { protocol: broken }],
] satisfies [string, Partial<WebSocketSubjectConfig<number>>][])(
  'S1: a %s function that throws ends the attempt in a task of its own, so that a policy without delay cannot block your code',
  (_which, config) => {
    const { socket, server } = setUp(config);
    const seen = recorded(socket.pipeEvents(reconnectOnCode(({ attempt }) => (attempt < 3 ? 0 : null))).events);
    const said = ['connecting 0'];
    for (const attempt of [1, 2]) {
      expect(seen.log).toEqual(said);
      said.push(`reconnecting ${attempt} in 0`, `connecting ${attempt}`);
      vi.advanceTimersToNextTimer();
    }
    expect(seen.log).toEqual(said);
    vi.advanceTimersToNextTimer();
    expect(seen.log.slice(said.length)).toEqual(failed.slice(1));
    expect([lastClose(seen).cause, server.connections]).toEqual([new Error('broken'), []]);
  },
);

it('the times of a status are those at which its state began and at which a wait ends, in ms as from Date.now()', () => {
  const start = Date.UTC(2030, 0, 1);
  vi.setSystemTime(start);
  const { socket, last, statuses } = setUp();
  const status = (): unknown => statuses.at(-1);
  recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
  vi.advanceTimersByTime(5);
  expect(status()).toMatchObject({ state: 'connecting', since: start });
  last().accept();
  expect(status()).toMatchObject({ state: 'open', since: start + 5 });
  vi.advanceTimersByTime(5);
  socket.next(1);
  expect(status()).toMatchObject({ state: 'open', since: start + 5 });
  last().drop();
  expect(status()).toMatchObject({ state: 'waiting', until: start + 1_010 });
  vi.advanceTimersByTime(1_000);
  expect(status()).toMatchObject({ state: 'connecting', since: start + 1_010 });
  vi.advanceTimersByTime(5);
  last().accept();
  vi.advanceTimersByTime(5);
  socket.close();
  vi.advanceTimersByTime(5);
  expect(status()).toMatchObject({ state: 'closing', since: start + 1_020 });
  last().close(1000);
  vi.advanceTimersByTime(5);
  expect(status()).toMatchObject({ state: 'closed', since: start + 1_025 });
});
