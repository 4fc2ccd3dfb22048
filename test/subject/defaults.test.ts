import { config as rxjsConfig, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, SchemaError, webSocket, WebSocketTimeoutError, type WebSocketSubjectConfig } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, manualServer, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  vi.restoreAllMocks();
  rxjsConfig.onUnhandledError = null;
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

describe('without a config', () => {
  const limits = [10_000, 20_000, 40_000, 80_000, 80_000, 80_000];

  it('attempts time out after 10 s, doubling to 80 s', () => {
    const { socket } = setUpFake();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    for (const [attempt, ms] of limits.entries()) {
      vi.advanceTimersByTime(ms - 1);
      expect(seen.log.at(-1)).toBe(`connecting ${attempt}`);
      vi.advanceTimersByTime(1);
      expect(seen.log.slice(-2)).toEqual([`reconnecting ${attempt + 1} in 0`, `connecting ${attempt + 1}`]);
      const reconnecting = seen.events.at(-2);
      expect(reconnecting?.type === 'reconnecting' && reconnecting.closeEvent.cause).toEqual(new WebSocketTimeoutError('connect', ms));
    }
    socket.close();
  });

  it('the server has 5 s to answer a Close', () => {
    const { last, socket } = setUp();
    const seen = recorded(socket.events);
    last().accept();
    socket.close();
    vi.advanceTimersByTime(4_999);
    expect(seen.log.at(-1)).toBe('open 0');
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(-2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toEqual(new WebSocketTimeoutError('close', 5_000));
  });

  it.each([
    [4_999, 3],
    [5_000, 1],
  ])('a connection that was open for %d ms is followed by retry %d', (ms, retry) => {
    const { last, socket } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    last().drop();
    last().drop();
    expect(seen.log.at(-1)).toBe('connecting 2');
    last().accept();
    vi.advanceTimersByTime(ms);
    last().drop();
    expect(seen.log.slice(-2)).toEqual([`reconnecting ${retry} in 0`, `connecting ${retry}`]);
    socket.close();
  });

  it('the outbox takes 1,000 values, and drops one more', () => {
    const { last, socket, statuses, warnings } = setUp();
    for (let value = 0; value < 1_001; value++) socket.next(value);
    expect(warnings).toEqual([{ kind: 'dropped', values: [1_000], count: 1, why: 'outbox full (drop-newest)' }]);
    expect(statuses.at(-1)?.queued).toBe(1_000);
    recorded(socket.events);
    last().accept();
    expect(last().received).toEqual(Array.from({ length: 1_000 }, (_, value) => value));
    socket.close();
  });

  it("the last unsubscribe closes with 1000, and binaryType is 'arraybuffer'", () => {
    const { sockets, socket } = setUpFake();
    const seen = recorded(socket.events);
    sockets.last.open();
    expect(sockets.last).toHaveProperty('binaryType', 'arraybuffer');
    seen.unsubscribe();
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
  });
});

describe('a function in the config that fails', () => {
  const broken = new Error('broken');
  const throwing = (): number => {
    throw broken;
  };
  const odd = (value: unknown) => (): number => value as number;

  it.each<[string, (attempt: number) => number, unknown]>([
    ['throws', throwing, broken],
    ...[NaN, 0, -1, Infinity, 2 ** 31, '5', undefined].map((value): [string, (attempt: number) => number, unknown] => {
      const shown = typeof value === 'string' ? `"${value}"` : String(value);
      return [`returns ${shown}`, odd(value), new RangeError(`connectTimeout: not milliseconds above 0: ${shown}`)];
    }),
  ])('S16: a connectTimeout that %s is reported on warnings, and the default applies', (_, connectTimeout, error) => {
    const { last, socket, warnings } = setUp({ connectTimeout });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    expect(warnings).toEqual([{ kind: 'callback', callback: 'connectTimeout', error }]);
    for (const [attempt, ms] of [10_000, 20_000].entries()) {
      vi.advanceTimersByTime(ms - 1);
      expect(seen.log.at(-1)).toBe(`connecting ${attempt}`);
      vi.advanceTimersByTime(1);
      expect(seen.log.at(-1)).toBe(`connecting ${attempt + 1}`);
    }
    expect(warnings).toHaveLength(3);
    last().accept();
    expect(seen.log.at(-1)).toBe('open 2');
    socket.close();
  });

  const noUrls = [5, null, undefined, {}, ['ws://a'], true];

  it.each([
    ...noUrls.map((value) => [value === undefined ? 'undefined' : JSON.stringify(value), () => value] as const),
    ['an observable of 5', () => of(5)] as const,
  ])('S1: a url function that returns %s is a failed attempt', (_, url) => {
    const { server, socket } = setUp({ url: url as never });
    const seen = recorded(socket.events);
    expect(seen.log).toEqual(['connecting 0']);
    vi.advanceTimersByTime(0);
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen)).toMatchObject({ opened: false, cause: expect.any(TypeError) });
    expect(String(lastClose(seen).cause)).toContain('url');
    expect(server.connections).toEqual([]);
  });

  it('S1: a url function whose promise gives no URL is a failed attempt', async () => {
    const { server, socket } = setUp({ url: () => Promise.resolve(5 as never) });
    const seen = recorded(socket.events);
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toBeInstanceOf(TypeError);
    expect(server.connections).toEqual([]);
  });
});

describe('a warning without a subscriber', () => {
  const broken = new Error('broken');

  /** A subject whose warnings have no subscriber. */
  const unheard = (config: Partial<WebSocketSubjectConfig<number>>) => {
    const { last, server } = manualServer();
    return { last, socket: webSocket<number>({ url: 'ws://fake', WebSocketCtor: server.WebSocket, ...config }) };
  };

  interface Case {
    kind: string;
    /** Makes one warning. */
    cause(listen?: (socket: ReturnType<typeof unheard>['socket']) => void): void;
    warning: object;
    line: RegExp;
  }

  const cases: readonly Case[] = [
    {
      kind: 'callback',
      cause: (listen) => {
        const { last, socket } = unheard({ openObserver: { next: () => { throw broken; } } });
        listen?.(socket);
        recorded(socket.events);
        last().accept();
        last().close(1000);
      },
      warning: { kind: 'callback', callback: 'openObserver', error: broken },
      line: /^websocket-subject: callback openObserver: Error \(/,
    },
    {
      kind: 'dropped',
      cause: (listen) => {
        const { socket } = unheard({});
        listen?.(socket);
        socket.next(1);
        socket.next(2);
        socket.close();
      },
      warning: { kind: 'dropped', values: [1, 2], count: 2 },
      line: /^websocket-subject: dropped 2: close\(\) without a session \(/,
    },
    {
      kind: 'invalid',
      cause: (listen) => {
        const { last, socket } = unheard({ onInvalid: 'drop' });
        listen?.(socket);
        recorded(socket.events);
        last().accept();
        last().sendText('{bad');
        last().close(1000);
      },
      warning: { kind: 'invalid', data: '{bad', error: { name: 'DeserializeError' } },
      line: /^websocket-subject: invalid message: DeserializeError \(/,
    },
  ];

  // The error where there is one, since reporters follow causes.
  const reported = (warning: object): unknown => ('error' in warning ? warning.error : warning);

  it.each(cases)('of the kind $kind goes to console.warn, without values', ({ cause, line }) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    cause();
    expect(warn.mock.calls).toEqual([[expect.stringMatching(line)]]);
  });

  it.each(cases)("of the kind $kind goes to RxJS's onUnhandledError where it is set", ({ cause, warning }) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const onUnhandledError = vi.fn();
    rxjsConfig.onUnhandledError = onUnhandledError;
    cause();
    expect(onUnhandledError.mock.calls).toMatchObject([[{ message: expect.stringContaining('websocket-subject') as string, cause: reported(warning) }]]);
    expect(onUnhandledError.mock.calls[0]?.[0]).toBeInstanceOf(Error);
    expect(warn).not.toHaveBeenCalled();
  });

  it.each(cases)('of the kind $kind goes to neither when warnings has a subscriber', ({ cause, kind }) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const onUnhandledError = vi.fn();
    rxjsConfig.onUnhandledError = onUnhandledError;
    const received: string[] = [];
    cause((socket) => socket.warnings.subscribe((warning) => received.push(warning.kind)));
    expect(received).toEqual([kind]);
    expect([warn.mock.calls, onUnhandledError.mock.calls]).toEqual([[], []]);
  });

  it('S15: with the same text is reported once a second, since a server could cause one with each message', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { last, socket } = unheard({ onInvalid: 'drop', deserializer: ({ data }) => { throw data === 'a' ? new SchemaError(data, []) : broken; } });
    socket.subscribe();
    last().accept();
    const flood = (): void => ['a', 'b', 'a', 'b', 'a'].forEach((text) => last().sendText(text));
    flood();
    expect(warn.mock.calls).toEqual([[expect.stringContaining('SchemaError')], [expect.stringContaining('DeserializeError')]]);
    vi.advanceTimersByTime(1_000);
    flood();
    expect(warn).toHaveBeenCalledTimes(4);
    socket.close();
  });

  it('S13: is reported each time when values are lost', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { socket } = unheard({ outbox: { maxValues: 0 } });
    for (let times = 0; times < 2; times++) {
      socket.next(1);
      socket.subscribe();
      socket.close();
    }
    expect(warn.mock.calls).toEqual(Array(2).fill([expect.stringContaining('dropped 1')]));
  });

  it.each([[null], [undefined]])('has no name of an error if %s was thrown', (thrown) => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue();
    const { last, socket } = unheard({ openObserver: { next: () => { throw thrown; } } });
    socket.subscribe();
    last().accept();
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/^websocket-subject: callback openObserver: /)]]);
    socket.close();
  });

  it('S16: is dropped when those throw, and the session goes on', () => {
    vi.spyOn(console, 'warn').mockImplementation(() => { throw new Error('no console'); });
    const { last, socket } = unheard({ openObserver: { next: () => { throw broken; } } });
    const seen = recorded(socket.events);
    last().accept();
    last().send(1);
    rxjsConfig.onUnhandledError = () => { throw new Error('no handler'); };
    recorded(socket.pipeEvents(reconnectOnCode(() => { throw broken; })).events);
    last().close(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 1', 'close 1000 clean remote', 'complete']);
  });
});
