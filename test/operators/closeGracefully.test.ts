import { getEventListeners } from 'node:events';
import { EMPTY, filter, NEVER, Subject, throwError, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode, webSocket, WebSocketTimeoutError } from '../../src/index.js';
import type { SocketOperator, SocketWarning } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';

// The platform's own, taken before it is faked.
const nextTurn = setImmediate;

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(...operators: SocketOperator<unknown, unknown>[]) {
  const sockets = fakeSockets();
  const socket = webSocket<unknown>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, closeTimeout: 500 });
  const warnings: SocketWarning[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const derived = socket.pipeEvents(...operators);
  return { sockets, socket, derived, warnings, seen: recorded(derived.events) };
}

describe('when it fires', () => {
  it.each(['an observable', 'a promise', 'an AbortSignal'])('on %s, sends its Close and ends with the CloseEvent', async (kind) => {
    const subject = new Subject<void>();
    const controller = new AbortController();
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    const when = kind === 'an observable' ? subject : kind === 'a promise' ? promise : controller.signal;
    const { sockets, seen } = setUp(closeGracefully(when, { code: 4000, reason: 'bye' }));
    sockets.last.open();
    expect(sockets.last.closes).toEqual([]);
    subject.next();
    controller.abort();
    resolve();
    await promise;
    expect(sockets.last.closes).toEqual([[4000, 'bye']]);
    sockets.last.closeClean(4000, 'bye');
    expect(seen.log.slice(2)).toEqual(['close 4000 bye clean local', 'complete']);
  });

  it('S13: before the connection is open, sends the outbox first; what is sent later belongs to the next session', () => {
    const when = new Subject<void>();
    const { sockets, derived, seen } = setUp(closeGracefully(when));
    derived.next(1);
    when.next();
    derived.next(2);
    sockets.last.open();
    expect([sockets.last.sent, sockets.last.closes]).toEqual([['1'], [[1000]]]);
    sockets.last.closeClean(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
  });

  it('before the connection is open, with nothing to send, ends the attempt', () => {
    const when = new Subject<void>();
    const { sockets, seen } = setUp(closeGracefully(when, { code: 4000 }));
    when.next();
    expect(seen.log).toEqual(['connecting 0', 'close 4000 clean local', 'complete']);
    expect(sockets.last.closes).toEqual([[1000]]);
  });

  it('before a subscriber comes, ends each session at its first event', () => {
    const { sockets, seen } = setUp(closeGracefully(AbortSignal.abort()));
    expect(seen.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
    expect(sockets.made).toEqual([]);
  });

  const stopsTheWait = (order: (graceful: SocketOperator<unknown, unknown>, reconnect: SocketOperator<unknown, unknown>) => SocketOperator<unknown, unknown>[]): void => {
    const when = new Subject<void>();
    const { sockets, seen } = setUp(...order(closeGracefully(when, { code: 4000 }), reconnectOnCode(after(1_000))));
    for (let i = 0; i < 3; i++) {
      sockets.last.open();
      sockets.last.closeClean(1012);
      if (i < 2) vi.advanceTimersByTime(1_000);
    }
    expect(when.observed).toBe(true);
    when.next();
    vi.advanceTimersByTime(10_000);
    expect(sockets.made).toHaveLength(3);
    expect(seen.log.slice(-3)).toEqual([expect.stringMatching('reconnecting'), 'close 4000 clean local', 'complete']);
    expect(when.observed).toBe(false);
  };
  it('during a wait, ends the session', () => stopsTheWait((graceful, reconnect) => [reconnect, graceful]));
  it('during a wait, on the wrong side of reconnectOnCode, ends the session too', () =>
    stopsTheWait((graceful, reconnect) => [graceful, reconnect]));

  it('on the wrong side of reconnectOnCode, ends an open connection for good', () => {
    const when = new Subject<void>();
    const { sockets, seen } = setUp(closeGracefully(when), reconnectOnCode(after(0)));
    sockets.last.open();
    when.next();
    sockets.last.closeClean(1000);
    expect(seen.log.slice(-2)).toEqual(['close 1000 clean local', 'complete']);
    expect(sockets.made).toHaveLength(1);
  });
});

it('S15: without until, timeout bounds the answer of the server', () => {
  const when = new Subject<void>();
  const { sockets, seen } = setUp(closeGracefully(when, { timeout: 50 }));
  sockets.last.open();
  when.next();
  expect(sockets.last.closes).toEqual([[1000]]);
  vi.advanceTimersByTime(49);
  expect(seen.log.at(-1)).toBe('open 0');
  vi.advanceTimersByTime(1);
  expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
  expect(seen.events.at(-1)).toMatchObject({ cause: new WebSocketTimeoutError('close', 50) });
});

describe('until', () => {
  const firing = (until: Observable<unknown> | PromiseLike<unknown>, timeout?: number) => {
    const when = new Subject<void>();
    const all = setUp(closeGracefully(when, { until, ...(timeout === undefined ? {} : { timeout }) }));
    all.sockets.last.open();
    when.next();
    return all;
  };

  it('holds Close back, while messages are delivered', () => {
    const until = new Subject<void>();
    const { sockets, seen } = firing(until);
    sockets.last.message('last');
    expect(sockets.last.closes).toEqual([]);
    until.next();
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
    expect(seen.log.slice(2)).toEqual(['message "last"', 'close 1000 clean local', 'complete']);
    expect(until.observed).toBe(false);
  });

  it('may listen to the messages of the session that it ends', () => {
    const when = new Subject<void>();
    const sockets = fakeSockets();
    const base = webSocket<string>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    const derived = base.pipeEvents(closeGracefully(when, { until: base.pipe(filter((message) => message === 'bye')) }));
    const seen = recorded(derived.events);
    sockets.last.open();
    when.next();
    sockets.last.message('not yet');
    expect(sockets.last.closes).toEqual([]);
    sockets.last.message('bye');
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
    expect(sockets.made).toHaveLength(1);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('is bounded by timeout; the server then has as long again to answer', () => {
    const { sockets, seen } = firing(NEVER, 300);
    vi.advanceTimersByTime(299);
    expect(sockets.last.closes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sockets.last.closes).toEqual([[1000]]);
    vi.advanceTimersByTime(299);
    sockets.last.closeClean(1000);
    expect(seen.log.slice(2)).toEqual(['close 1000 clean local', 'complete']);
  });

  it.each([
    ['ends', EMPTY],
    ['has a value at once', Promise.resolve()],
  ])('that %s no longer holds Close back', async (_what, until) => {
    const { sockets } = firing(until);
    await Promise.resolve();
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
  });

  it('S16: that fails is reported on warnings, and Close is sent', () => {
    const { sockets, warnings } = firing(throwError(() => new Error('broken')));
    expect(sockets.last.closes).toEqual([[1000]]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'until' }]);
    sockets.last.closeClean(1000);
  });

  it('close() cuts it short', () => {
    const { sockets, socket } = firing(NEVER);
    socket.close(4001);
    expect(sockets.last.closes).toEqual([[4001]]);
    sockets.last.closeClean(4001);
  });

  it('S9: the last unsubscribe does not shorten it', () => {
    const until = new Subject<void>();
    const { sockets, seen } = firing(until);
    seen.unsubscribe();
    expect(sockets.last.closes).toEqual([]);
    until.next();
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
  });
});

describe('the arguments', () => {
  it('S4: code and reason are checked when the operator is made', () => {
    const throwing = (make: () => unknown): unknown => {
      try {
        return make();
      } catch (error) {
        return (error as Error).name;
      }
    };
    const goingAway: number = 1001;
    expect(throwing(() => closeGracefully(NEVER, { code: goingAway }))).toBe('InvalidAccessError');
    expect(throwing(() => closeGracefully(NEVER, { reason: 'x'.repeat(124) }))).toBe('SyntaxError');
    expect(throwing(() => closeGracefully(NEVER, { timeout: NaN }))).toBe('RangeError');
  });

  it('a `when` that completes without a value never fires; one that fails is reported on warnings', () => {
    const never = setUp(closeGracefully(EMPTY));
    never.sockets.last.open();
    expect(never.sockets.last.closes).toEqual([]);
    never.seen.unsubscribe();
    never.sockets.last.closeClean(1000);

    const failing = setUp(closeGracefully(throwError(() => new Error('broken'))));
    failing.sockets.last.open();
    expect(failing.warnings).toMatchObject([{ kind: 'callback', callback: 'when' }]);
    failing.seen.unsubscribe();
    failing.sockets.last.closeClean(1000);
  });

  it.each(['when', 'until'])('S16: a promise rejected before it is listened to, as `%s`, is reported on warnings then, and is handled', async (which) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      const rejected = Promise.reject(new Error('broken'));
      const when = new Subject<void>();
      const operator = which === 'when' ? closeGracefully(rejected) : closeGracefully(when, { until: rejected });
      await new Promise<void>((resolve) => nextTurn(resolve));
      const { sockets, seen, warnings } = setUp(operator);
      sockets.last.open();
      when.next();
      await new Promise<void>((resolve) => nextTurn(resolve));
      expect(warnings).toEqual([{ kind: 'callback', callback: which, error: new Error('broken') }]);
      expect(sockets.last.closes).toEqual(which === 'when' ? [] : [[1000]]);
      seen.unsubscribe();
      sockets.last.closeClean(1000);
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it.each(['the session is over', 'the subscriber has unsubscribed'])('leaves no listener on an AbortSignal once %s', (end) => {
    const { signal } = new AbortController();
    const { sockets, seen } = setUp(closeGracefully(signal));
    sockets.last.open();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    if (end !== 'the session is over') seen.unsubscribe();
    sockets.last.closeClean(1000);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('`when` is listened to only while there is a subscriber', () => {
    const when = new Subject<void>();
    const { sockets, seen, derived } = setUp(closeGracefully(when));
    const other = recorded(derived.events);
    sockets.last.open();
    expect(when.observed).toBe(true);
    seen.unsubscribe();
    expect(when.observed).toBe(true);
    other.unsubscribe();
    expect(when.observed).toBe(false);
    sockets.last.closeClean(1000);
  });
});
