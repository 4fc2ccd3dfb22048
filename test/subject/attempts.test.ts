import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, type WebSocketSubjectConfig } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const failed = ['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError'];

it('S1: an attempt that was aborted delivers neither open nor messages, whatever its transport still says', () => {
  const { socket, sockets } = setUp();
  const seen = recorded(socket.events);
  const [connecting] = seen.events;
  if (connecting?.type === 'connecting') connecting.abort('given up');
  sockets.last.open();
  sockets.last.message(1);
  vi.runAllTimers();
  expect(seen.log).toEqual(failed);
  expect(lastClose(seen)).toMatchObject({ opened: false, cause: 'given up' });
});

it('a message before the open is delivered: some mocks say nothing else', () => {
  const { socket, sockets } = setUp();
  const seen = recorded(socket.events);
  sockets.last.message(1);
  expect(seen.log).toEqual(['connecting 0', 'message 1']);
  socket.close();
});

it('S7: abort() inside the url function makes no transport', () => {
  let abort = (): void => undefined;
  const { socket, sockets } = setUp({
    url: () => {
      abort();
      return 'ws://fake';
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
  expect([sockets.made, seen]).toEqual([[], ['connecting', 'close', 'error']]);
});

it.each([
  ['a number', 5],
  ['nothing', undefined],
  ['an object', { href: 'ws://fake' }],
])('S1: a url function that gives %s is a failed attempt, and nothing is made of it', (_what, value) => {
  const { socket, sockets } = setUp({ url: () => value as never });
  const seen = recorded(socket.events);
  vi.runAllTimers();
  expect([seen.log, sockets.made]).toEqual([failed, []]);
  expect(lastClose(seen)).toMatchObject({ opened: false, cause: expect.any(TypeError) as unknown });
});

const broken = (): never => {
  throw new Error('broken');
};
it.each([
  ['url', { url: broken }],
  ['protocol', { protocol: broken }],
] satisfies [string, Partial<WebSocketSubjectConfig<number>>][])(
  'S1: a %s function that throws ends the attempt in a turn of its own, so that a policy without delay cannot hold up the program',
  (_which, config) => {
    const { socket, sockets } = setUp(config);
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
    expect([lastClose(seen).cause, sockets.made]).toEqual([new Error('broken'), []]);
  },
);

it('the times of a status are the epoch ms at which its state began, and at which a wait ends', () => {
  const start = Date.UTC(2030, 0, 1);
  vi.setSystemTime(start);
  const { socket, sockets, statuses } = setUp();
  const last = (): unknown => statuses.at(-1);
  recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
  vi.advanceTimersByTime(5);
  expect(last()).toMatchObject({ state: 'connecting', since: start });
  sockets.last.open();
  expect(last()).toMatchObject({ state: 'open', since: start + 5 });
  vi.advanceTimersByTime(5);
  socket.next(1);
  expect(last()).toMatchObject({ state: 'open', since: start + 5 });
  sockets.last.drop();
  expect(last()).toMatchObject({ state: 'waiting', until: start + 1_010 });
  vi.advanceTimersByTime(1_000);
  expect(last()).toMatchObject({ state: 'connecting', since: start + 1_010 });
  vi.advanceTimersByTime(5);
  sockets.last.open();
  vi.advanceTimersByTime(5);
  socket.close();
  vi.advanceTimersByTime(5);
  expect(last()).toMatchObject({ state: 'closing', since: start + 1_020 });
  sockets.last.closeClean(1000);
  vi.advanceTimersByTime(5);
  expect(last()).toMatchObject({ state: 'closed', since: start + 1_025 });
});
