import { getEventListeners } from 'node:events';
import { EMPTY, filter, NEVER, Subject, throwError, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode, WebSocketTimeoutError } from '../../src/index.js';
import type { SocketOperator } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket } from '../subject/setUp.js';

// The platform's own, taken before it is faked.
const nextTurn = setImmediate;

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(...operators: SocketOperator<unknown, unknown>[]) {
  const all = setUpSocket<unknown>({ closeTimeout: 500 });
  const derived = all.socket.pipeEvents(...operators);
  return { ...all, derived, seen: recorded(derived.events) };
}

describe('when it fires', () => {
  it.each(['an observable', 'a promise', 'an AbortSignal'])('on %s, sends its Close and ends with the CloseEvent', async (kind) => {
    const subject = new Subject<void>();
    const controller = new AbortController();
    let resolve = (): void => undefined;
    const promise = new Promise<void>((done) => (resolve = done));
    const when = kind === 'an observable' ? subject : kind === 'a promise' ? promise : controller.signal;
    const { last, seen } = setUp(closeGracefully(when, { code: 4000, reason: 'bye' }));
    last().accept();
    last().ignoreClose();
    expect(last().closedWith).toBeNull();
    subject.next();
    controller.abort();
    resolve();
    await promise;
    expect(last().closedWith).toEqual({ code: 4000, reason: 'bye' });
    last().close(4000, 'bye');
    expect(seen.log.slice(2)).toEqual(['close 4000 bye clean local', 'complete']);
  });

  it('S13: before the connection is open, sends the outbox first; what is sent later belongs to the next session', () => {
    const when = new Subject<void>();
    const { last, derived, seen } = setUp(closeGracefully(when));
    derived.next(1);
    when.next();
    derived.next(2);
    last().accept();
    expect([last().received, last().closedWith]).toEqual([[1], { code: 1000, reason: '' }]);
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
  });

  it('before the connection is open, with nothing to send, ends the attempt', () => {
    const when = new Subject<void>();
    const { last, seen } = setUp(closeGracefully(when, { code: 4000 }));
    when.next();
    expect(seen.log).toEqual(['connecting 0', 'close 4000 clean local', 'complete']);
    expect(last().state).toBe('closed');
  });

  it('before a subscriber comes, ends each session at its first event', () => {
    const { server, seen } = setUp(closeGracefully(AbortSignal.abort()));
    expect(seen.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
    expect(server.connections).toEqual([]);
  });

  const stopsTheWait = (order: (graceful: SocketOperator<unknown, unknown>, reconnect: SocketOperator<unknown, unknown>) => SocketOperator<unknown, unknown>[]): void => {
    const when = new Subject<void>();
    const { last, server, seen } = setUp(...order(closeGracefully(when, { code: 4000 }), reconnectOnCode(after(1_000))));
    for (let i = 0; i < 3; i++) {
      last().accept();
      last().close(1012);
      if (i < 2) vi.advanceTimersByTime(1_000);
    }
    expect(when.observed).toBe(true);
    when.next();
    vi.advanceTimersByTime(10_000);
    expect(server.connections).toHaveLength(3);
    expect(seen.log.slice(-3)).toEqual([expect.stringMatching('reconnecting'), 'close 4000 clean local', 'complete']);
    expect(when.observed).toBe(false);
  };
  it('during a wait, ends the session', () => stopsTheWait((graceful, reconnect) => [reconnect, graceful]));
  it('during a wait, on the wrong side of reconnectOnCode, ends the session too', () =>
    stopsTheWait((graceful, reconnect) => [graceful, reconnect]));

  it('on the wrong side of reconnectOnCode, ends an open connection for good', () => {
    const when = new Subject<void>();
    const { last, server, seen } = setUp(closeGracefully(when), reconnectOnCode(after(0)));
    last().accept();
    when.next();
    last().close(1000);
    expect(seen.log.slice(-2)).toEqual(['close 1000 clean local', 'complete']);
    expect(server.connections).toHaveLength(1);
  });
});

it('S15: without until, timeout bounds the answer of the server', () => {
  const when = new Subject<void>();
  const { last, seen } = setUp(closeGracefully(when, { timeout: 50 }));
  last().accept();
  when.next();
  expect(last().closedWith).toEqual({ code: 1000, reason: '' });
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
    all.last().accept();
    when.next();
    return all;
  };

  it('holds Close back, while messages are delivered', () => {
    const until = new Subject<void>();
    const { last, seen } = firing(until);
    last().send('last');
    expect(last().closedWith).toBeNull();
    until.next();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(seen.log.slice(2)).toEqual(['message "last"', 'close 1000 clean local', 'complete']);
    expect(until.observed).toBe(false);
  });

  it('may listen to the messages of the session that it ends', () => {
    const when = new Subject<void>();
    const { last, server, socket: base } = setUpSocket<string>();
    const derived = base.pipeEvents(closeGracefully(when, { until: base.pipe(filter((message) => message === 'bye')) }));
    const seen = recorded(derived.events);
    last().accept();
    when.next();
    last().send('not yet');
    expect(last().closedWith).toBeNull();
    last().send('bye');
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(server.connections).toHaveLength(1);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('is bounded by timeout; the server then has as long again to answer', () => {
    const { last, seen } = firing(NEVER, 300);
    vi.advanceTimersByTime(299);
    expect(last().closedWith).toBeNull();
    vi.advanceTimersByTime(1);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    vi.advanceTimersByTime(299);
    last().close(1000);
    expect(seen.log.slice(2)).toEqual(['close 1000 clean local', 'complete']);
  });

  it.each([
    ['ends', EMPTY],
    ['has a value at once', Promise.resolve()],
  ])('that %s no longer holds Close back', async (_what, until) => {
    const { last } = firing(until);
    await Promise.resolve();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('S16: that fails is reported on warnings, and Close is sent', () => {
    const { last, warnings } = firing(throwError(() => new Error('broken')));
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'until' }]);
    last().close(1000);
  });

  it('S2: the end is local, even if the server closes meanwhile', () => {
    const { last, seen } = firing(NEVER);
    last().close(1012);
    expect(seen.log.slice(2)).toEqual(['close 1012 clean local', 'complete']);
  });

  it('close() cuts it short', () => {
    const { last, socket } = firing(NEVER);
    socket.close(4001);
    expect(last().closedWith).toEqual({ code: 4001, reason: '' });
    last().close(4001);
  });

  it('S5: is not listened to when your code has ended the session before', () => {
    const [when, until] = [new Subject<void>(), new Subject<void>()];
    const { last, socket } = setUp(closeGracefully(when, { until }));
    last().accept();
    socket.close();
    when.next();
    expect(until.observed).toBe(false);
    last().close(1000);
  });

  it('S9: the last unsubscribe does not shorten it', () => {
    const until = new Subject<void>();
    const { last, seen } = firing(until);
    seen.unsubscribe();
    expect(last().closedWith).toBeNull();
    until.next();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
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
    expect(() => closeGracefully(NEVER, { timeout: NaN })).toThrow('closeGracefully: timeout');
  });

  it('a `when` that completes without a value never fires; one that fails is reported on warnings', () => {
    const never = setUp(closeGracefully(EMPTY));
    never.last().accept();
    expect(never.last().closedWith).toBeNull();
    never.seen.unsubscribe();
    never.last().close(1000);

    const failing = setUp(closeGracefully(throwError(() => new Error('broken'))));
    failing.last().accept();
    expect(failing.warnings).toMatchObject([{ kind: 'callback', callback: 'when' }]);
    failing.seen.unsubscribe();
    failing.last().close(1000);
  });

  it.each(['when', 'until'])('S16: a promise rejected before it is listened to, as `%s`, is reported on warnings then, and is handled', async (which) => {
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      const rejected = Promise.reject(new Error('broken'));
      const when = new Subject<void>();
      const operator = which === 'when' ? closeGracefully(rejected) : closeGracefully(when, { until: rejected });
      await new Promise<void>((resolve) => nextTurn(resolve));
      const { last, seen, warnings } = setUp(operator);
      last().accept();
      when.next();
      await new Promise<void>((resolve) => nextTurn(resolve));
      expect(warnings).toEqual([{ kind: 'callback', callback: which, error: new Error('broken') }]);
      expect(last().closedWith).toEqual(which === 'when' ? null : { code: 1000, reason: '' });
      seen.unsubscribe();
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it.each(['the session is over', 'the subscriber has unsubscribed'])('leaves no listener on an AbortSignal once %s', (end) => {
    const { signal } = new AbortController();
    const { last, seen } = setUp(closeGracefully(signal));
    last().accept();
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    if (end !== 'the session is over') seen.unsubscribe();
    last().close(1000);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('S15: a promise has one listener for all sessions, besides the one for an early rejection', async () => {
    let fire = (): void => undefined;
    const promise = new Promise<void>((resolve) => (fire = resolve));
    const then = vi.spyOn(promise, 'then');
    const repeated = setUp(closeGracefully(promise));
    repeated.last().accept();
    repeated.last().close(1000);
    repeated.derived.subscribe();
    const sessions = [1, 2, 3].map(() => setUp(closeGracefully(promise)));
    expect(then).toHaveBeenCalledTimes(2);
    for (const { last } of [...sessions, repeated]) last().accept();
    fire();
    await new Promise((resolve) => nextTurn(resolve));
    for (const { last } of [...sessions, repeated]) expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('`when` is listened to only while there is a subscriber', () => {
    const when = new Subject<void>();
    const { last, seen, derived } = setUp(closeGracefully(when));
    const other = recorded(derived.events);
    last().accept();
    expect(when.observed).toBe(true);
    seen.unsubscribe();
    expect(when.observed).toBe(true);
    other.unsubscribe();
    expect(when.observed).toBe(false);
    last().close(1000);
  });
});
