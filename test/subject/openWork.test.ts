import { delay, Observable, of, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { after, errorOnCode, onOpen, reconnectOnCode, webSocket, type SocketOpen } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

it('S12: the outbox waits for all work: for what is slow beside what is done at once', () => {
  const { socket, last } = setUp();
  const login = new Subject<void>();
  const derived = socket.pipeEvents(onOpen(() => of(1)), onOpen(() => login)); // prettier-ignore
  derived.next(1);
  recorded(derived.events);
  last().accept();
  expect(last().received).toEqual([]);
  login.complete();
  expect(last().received).toEqual([1]);
  socket.close();
});

it('S12: work that is added while the outbox is being sent holds back later values', () => {
  const { socket, last } = setUp();
  const seen = recorded(socket.events);
  last().accept();
  const work = new Subject<void>();
  const open = seen.events[1];
  if (open?.type === 'open') open.waitUntil(work);
  socket.next(1);
  expect(last().received).toEqual([]);
  work.complete();
  expect(last().received).toEqual([1]);
  socket.close();
});

it('S12: work that is done in the event in which its connection was aborted changes nothing', () => {
  const { socket, sockets } = setUpFake();
  const work = new Subject<void>();
  let abort = (): void => undefined;
  socket.events.subscribe({
    next: (event) => {
      if (event.type === 'open') {
        event.waitUntil(work);
        abort = () => event.abort();
      } else if (event.type === 'message') {
        abort();
        work.complete();
      }
    },
    error: () => undefined,
  });
  const seen = recorded(socket.events);
  socket.next(1);
  sockets.last.open();
  sockets.last.message(0);
  expect([seen.log.slice(2), sockets.last.sent]).toEqual([['message 0', 'close 1006 unclean transport', 'WebSocketCloseError'], []]);
});

it('S12: send() of an open event throws once its connection is closing or gone', () => {
  const { socket, sockets } = setUpFake();
  const seen = recorded(socket.events);
  sockets.last.open();
  const open = seen.events[1] as SocketOpen<number>;
  const refusal = expect.objectContaining({ name: 'InvalidStateError', message: 'the connection is closing or gone' }) as Error;
  socket.close();
  expect(() => open.send(1)).toThrow(refusal);
  sockets.last.closeClean(1000);
  expect(() => open.send(1)).toThrow(refusal);
});

it.each(['close', 'leave', 'invalid'] as const)('S2: work that fails after our Close was sent changes nothing: %s', (how) => {
  const { socket, last, statuses } = setUp({ onInvalid: { code: 4007 } });
  const work = new Subject<void>();
  const seen = recorded(socket.pipeEvents(onOpen(() => work)).events);
  last().accept();
  if (how === 'close') socket.close(4000);
  else if (how === 'leave') seen.unsubscribe();
  else last().sendText('{');
  work.error(new Error('too late'));
  vi.advanceTimersByTime(0);
  last().close(4000);
  expect(statuses.at(-1)).toMatchObject({ state: 'closed', closeEvent: { code: 4000, wasClean: true } });
});

it('S16: work that fails on a connection that is gone is no unhandled rejection', async () => {
  const { socket, last } = setUp();
  const late = vi.fn(async (open: SocketOpen<number>) => {
    await Promise.resolve();
    open.send(1);
  });
  const broken = onOpen<number, number>(() => {
    throw new Error('broken');
  });
  const seen = recorded(socket.pipeEvents(broken, onOpen(late)).events);
  last().accept();
  vi.useRealTimers();
  await new Promise((resolve) => setImmediate(resolve));
  vi.useFakeTimers();
  expect(seen.error).toMatchObject({ cause: new Error('broken') });
  expect(late).toHaveBeenCalledOnce();
});

it('S13: the outbox is not sent for a subscriber that unsubscribes in `open`', () => {
  const { socket, last, warnings } = setUp();
  socket.next(1);
  const subscription = socket.events.subscribe((event) => event.type === 'open' && subscription.unsubscribe());
  last().accept();
  expect([last().received, last().closedWith]).toEqual([[], { code: 1000, reason: '' }]);
  last().close(1000);
  expect(warnings).toMatchObject([{ kind: 'dropped', values: [1] }]);
});

it('S5: a signal that is aborted while a custom operator delays the close is final', () => {
  const controller = new AbortController();
  const { socket, last, server } = setUp({ signal: controller.signal });
  recorded(socket.events.pipe(delay(2), reconnectOnCode(after(0))));
  last().accept();
  last().drop();
  controller.abort();
  vi.advanceTimersByTime(10);
  expect(server.connections).toHaveLength(1);
});

it('S13: each outbox has the limits of the config: what an ending session still sends takes no room from the next one', () => {
  const { socket, last, warnings } = setUp({ outbox: { maxValues: 2, overflow: 'drop-oldest' } });
  recorded(socket.events);
  for (const value of [1, 2]) socket.next(value);
  socket.complete();
  for (const value of [3, 4]) socket.next(value);
  expect(warnings).toEqual([]);
  socket.next(5);
  expect(warnings).toMatchObject([{ kind: 'dropped', values: [3] }]);
  last().accept();
  expect(last().received).toEqual([1, 2]);
  last().close(1000);
});

it('S3: a transport function that gives nothing is a failed attempt', () => {
  const socket = webSocket<number>({ url: 'ws://fake', transport: () => null as never });
  const seen = recorded(socket.events);
  vi.advanceTimersByTime(0);
  expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
  expect(seen.error).toMatchObject({ cause: new TypeError('transport: not a WebSocket: null') });
});

it('waitUntil throws for what can never be waited for, and holds nothing', () => {
  const { socket, last } = setUp();
  const seen = recorded(socket.events);
  last().accept();
  const open = seen.events[1];
  if (open?.type === 'open') expect(() => open.waitUntil(5 as never)).toThrow(TypeError);
  socket.next(1);
  expect(last().received).toEqual([1]);
  socket.close();
});

it('S10: close() in the predicate of errorOnCode comes too late: the session is over by then', () => {
  const { socket, sockets } = setUpFake();
  const closing = errorOnCode<number, number>(() => {
    socket.close();
    return true;
  });
  const seen = recorded(socket.pipeEvents(closing).events);
  sockets.last.open();
  sockets.last.closeClean(1012);
  expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1012 clean remote', 'WebSocketCloseError']);
  expect(sockets.last.closes).toEqual([]);
});

it('S15: work that is given after its connection has ended is not listened to for long', () => {
  const { socket, last } = setUp();
  const seen = recorded(socket.events);
  last().accept();
  const open = seen.events[1];
  last().close(1000);
  let listeners = 0;
  const work = new Observable(() => {
    listeners++;
    return () => listeners--;
  });
  if (open?.type === 'open') open.waitUntil(work);
  expect(listeners).toBe(0);
});
