import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, WebSocketTimeoutError, type WebSocketSubjectConfig } from '../../src/index.js';
import type { TestServerOptions } from '../../src/testing/index.js';
import { recorded } from './recorded.js';
import { lastClose, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('before a connection is open', () => {
  it('S5: close() ends the attempt and completes with the requested code, clean and never opened', () => {
    const { last, socket } = setUp();
    const seen = recorded(socket.events);
    socket.next(1);
    socket.close(4000, 'enough');
    expect(seen.log).toEqual(['connecting 0', 'close 4000 enough clean local', 'complete']);
    expect(lastClose(seen)).toMatchObject({ opened: false, sent: null, unsent: [1], attempt: 0, uptime: 0 });
    expect(last().state).toBe('closed');
  });

  it('S13: complete() with values lets the attempt run on, and sends them before Close', () => {
    const { last, server, socket } = setUp();
    const seen = recorded(socket.events);
    socket.next(1);
    socket.next(2);
    socket.complete();
    socket.next(3);
    last().accept();
    expect(last().received).toEqual([1, 2]);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
    // What came after complete() belongs to the next session.
    recorded(socket.events);
    last().accept();
    expect(server.connections.map(({ received }) => received)).toEqual([[1, 2], [3]]);
    socket.close();
  });

  it('S13: complete() with values on an attempt that fails errors with 1006, local, and the values are its unsent', () => {
    const { last, server, socket } = setUp();
    const derived = socket.pipeEvents(reconnectOnCode(after(0)));
    const seen = recorded(derived.events);
    derived.next(1);
    derived.complete();
    last().drop();
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean local', 'WebSocketCloseError']);
    expect(lastClose(seen)).toMatchObject({ unsent: [1], opened: false });
    expect(server.connections).toHaveLength(1);
  });

  it('S13: complete() on an idle subject with values: the next connection that opens sends them, and later ones, and closes', () => {
    const { last, server, socket } = setUp();
    socket.next(1);
    socket.complete();
    const first = recorded(socket.events);
    last().drop();
    expect(first.log.at(-1)).toBe('WebSocketCloseError');
    socket.next(2);
    const [second, third] = [recorded(socket.events), recorded(socket.events)];
    last().accept();
    const later = recorded(socket.events);
    socket.next(3);
    expect(server.connections.map(({ received }) => received)).toEqual([[], [1, 2], []]);
    server.connections[1]?.close(1000);
    expect([second.log.at(-1), third.log.at(-1)]).toEqual(['complete', 'complete']);
    last().accept();
    expect(later.log).toEqual(['connecting 0', 'open 0']);
    expect(last().received).toEqual([3]);
    socket.close();
  });

  it('S3: the attempt ends at connectTimeout, which a function may grow, with the timeout as its cause', () => {
    const connectTimeout = vi.fn((attempt: number) => 100 + attempt);
    const { server, socket } = setUp({ connectTimeout });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(({ attempt }) => (attempt < 2 ? 0 : null))).events);
    vi.advanceTimersByTime(100);
    vi.advanceTimersByTime(101);
    expect(seen.log).toEqual([
      'connecting 0',
      'reconnecting 1 in 0',
      'connecting 1',
      'close 1006 unclean transport',
      'WebSocketCloseError',
    ]);
    expect(lastClose(seen).cause).toEqual(new WebSocketTimeoutError('connect', 101));
    expect(server.connections.map(({ state }) => state)).toEqual(['closed', 'closed']);
  });

  it('S7: later events of an abandoned transport are ignored, and one that opens late is closed again', () => {
    const { sockets, socket } = setUpFake();
    const seen = recorded(socket.events);
    const given = sockets.last;
    socket.close();
    given.open();
    given.message(1);
    given.fail('late');
    given.drop();
    expect(seen.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
    expect(given.closes).toEqual([[1000], [1000]]);
  });

  it('S3: an error has ended the attempt, also where a mock says open after it', () => {
    const { sockets, socket } = setUpFake();
    const seen = recorded(socket.events);
    sockets.last.fail('refused');
    sockets.last.open();
    vi.advanceTimersByTime(0);
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toEqual(new Error('refused'));
  });
});

describe('while open', () => {
  const open = (config: Partial<WebSocketSubjectConfig<number>> = {}, options?: TestServerOptions) => {
    const all = setUp(config, options);
    const seen = recorded(all.socket.events);
    all.last().accept();
    return { ...all, seen };
  };
  const openFake = (config: Partial<WebSocketSubjectConfig<number>> = {}) => {
    const all = setUpFake(config);
    const seen = recorded(all.socket.events);
    all.sockets.last.open();
    return { ...all, seen };
  };

  it('S4: only close(code) or close(code, reason) reaches a transport, and no code means 1000', () => {
    for (const [args, wire] of [
      [[], [1000]],
      [[undefined, 'why'], [1000, 'why']],
      [[4000, ''], [4000]],
      [[4000, '\ud800'], [4000, '\ufffd']],
    ] as const) {
      const { sockets, socket } = openFake();
      (socket.close as (...args: readonly unknown[]) => void)(...args);
      expect(sockets.last.closes).toEqual([wire]);
      sockets.last.closeClean(1000);
    }
  });

  it('S3: a Close that is never answered ends after closeTimeout, unclean, local, with the timeout as its cause', () => {
    const { last, socket, seen } = open({ closeTimeout: 300 }, { like: 'platform' }); // it has no terminate()
    socket.close(4000, 'bye');
    vi.advanceTimersByTime(299);
    expect(seen.log.at(-1)).toBe('open 0');
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
    expect(lastClose(seen)).toMatchObject({ sent: { code: 4000, reason: 'bye' }, opened: true });
    expect(lastClose(seen).cause).toEqual(new WebSocketTimeoutError('close', 300));
    last().close(1000);
    expect(seen.log).toHaveLength(4);
  });

  it("S3: a Close has all of closeTimeout, though the transport's own timer, as that of ws, is shorter", () => {
    const { sockets, socket, seen } = openFake({ closeTimeout: 60_000 });
    const transport = Object.assign(sockets.last, { _closeTimeout: 30_000 });
    let timer: NodeJS.Timeout | undefined;
    transport.close = () => (timer = setTimeout(() => transport.drop(), transport._closeTimeout));
    socket.close(4000);
    vi.advanceTimersByTime(59_999);
    transport.closeClean(4000);
    expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
    clearTimeout(timer);
  });

  it('S3: an error alone ends nothing; it is the cause when a close follows', () => {
    const { sockets, seen } = openFake();
    sockets.last.fail('reset by peer');
    sockets.last.message(1);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 1']);
    sockets.last.drop();
    expect(lastClose(seen).cause).toEqual(new Error('reset by peer'));
  });

  it('S3: an error after which the transport is closed without a close event settles after closeTimeout', () => {
    const { sockets, seen } = openFake({ closeTimeout: 300 });
    sockets.last.fail('reset by peer');
    sockets.last.readyState = 3;
    vi.advanceTimersByTime(300);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
  });

  it('S13: a value for a transport that has begun to close in silence is kept, and the silence ends after closeTimeout', () => {
    const { sockets, socket, seen } = openFake({ closeTimeout: 300 });
    sockets.last.readyState = 2;
    socket.next(1);
    vi.advanceTimersByTime(300);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen).unsent).toEqual([]);
    recorded(socket.events);
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['1']);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('S18: messages are delivered until our Close, then dropped', () => {
    const { last, socket, seen } = open();
    last().send(1);
    socket.close();
    last().send(2);
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 1', 'close 1000 clean local', 'complete']);
  });

  it('S2: error(err) ends with err after the close, also when that close is unclean', () => {
    const given = { code: 1006 };
    const { last, socket, seen } = open();
    socket.error(given);
    last().drop();
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', given]);
    expect(seen.error).toBe(given);
  });

  it('S2: error({ code, reason }) with a sendable code ends as close(code, reason) does', () => {
    const { last, socket, seen } = open();
    socket.error({ code: 4001, reason: 'because' });
    expect(last().closedWith).toEqual({ code: 4001, reason: 'because' });
    last().close(4001, 'because');
    expect(seen.log.slice(2)).toEqual(['close 4001 because clean local', 'complete']);
  });

  it('S7: a subscription after close() starts a new session at once, since Close is sent; the old session ends for its own subscribers', () => {
    const { last, server, socket, seen, statuses } = open();
    socket.close();
    const next = recorded(socket.events);
    expect(server.connections).toHaveLength(2);
    last().accept();
    server.connections[0]?.close(1000);
    expect(seen.log.at(-1)).toBe('complete');
    expect(next.log).toEqual(['connecting 0', 'open 0']);
    expect(statuses.at(-1)?.state).toBe('open');
    socket.close(4000);
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
  });

  it('S9: the last unsubscribe closes with unsubscribeCode, and no sooner', () => {
    const { last, socket, seen } = open({ unsubscribeCode: 4002 });
    const other = recorded(socket.events);
    expect(other.log).toEqual(['open 0']);
    seen.unsubscribe();
    expect(last().closedWith).toBeNull();
    other.unsubscribe();
    expect(last().closedWith).toEqual({ code: 4002, reason: '' });
    last().close(4002);
  });

  it('unsubscribe() ends every subscription without a terminal, and the subject may be subscribed again', () => {
    const { last, server, socket, seen } = open();
    socket.unsubscribe();
    expect([socket.closed, socket.observed, last().closedWith]).toEqual([true, false, { code: 1000, reason: '' }]);
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
    const again = recorded(socket.events);
    expect([socket.closed, socket.observed]).toEqual([false, true]);
    expect(server.connections).toHaveLength(2);
    again.unsubscribe();
  });

  it('S16: observers that throw are reported on warnings, and the session goes on', () => {
    const broken = { next: () => { throw new Error('broken'); } }; // prettier-ignore
    const { last, socket, seen, warnings } = open({ openObserver: broken, closingObserver: broken, closeObserver: broken });
    socket.close();
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
    expect(warnings.map((warning) => warning.kind === 'callback' && warning.callback)).toEqual(['openObserver', 'closingObserver', 'closeObserver']);
  });

  it('abort() of an open event ends the connection now, as the network would, and the policy decides', () => {
    const { last, socket } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    last().accept();
    const cause = new Error('no answer');
    const opened = seen.events.at(-1);
    if (opened?.type === 'open') opened.abort(cause);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    const [, , reconnecting] = seen.events;
    expect(reconnecting?.type === 'reconnecting' && reconnecting.closeEvent).toMatchObject({ code: 1006, initiator: 'transport', cause });
    socket.close();
  });
});

describe('the Close of the server was there first, and TCP has not ended', () => {
  it.each([[1], []])('S10: no status says that a code was sent; the end is local if values are unsent: %j', (...values) => {
    const { sockets, socket, statuses } = setUpFake();
    const seen = recorded(socket.events);
    sockets.last.open();
    sockets.last.readyState = 2;
    for (const value of values) socket.next(value);
    socket.close(4000, 'too late');
    sockets.last.closeClean(1012);
    expect(statuses.map(({ state }) => state)).not.toContain('closing');
    expect(lastClose(seen)).toMatchObject({ code: 1012, sent: null, unsent: values, initiator: values.length > 0 ? 'local' : 'remote' });
  });
});
