import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, stop, WebSocketTimeoutError, type WebSocketSubjectConfig } from '../../src/index.js';
import { FakeSocket, keepsMade } from './FakeSocket.js';
import { recorded } from './recorded.js';
import { lastClose, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const open = (config: Partial<WebSocketSubjectConfig<number>> = {}) => {
  const all = setUpFake(config);
  const seen = recorded(all.socket.events);
  all.sockets.last.open();
  return { ...all, seen };
};

describe('a transport that throws', () => {
  const broken = (): never => {
    throw new Error('broken');
  };

  it('S13: from send(), while the outbox is sent: the value stays first, the connection ends with that cause, and the next one sends it', () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    for (const value of [1, 2, 3, 4, 5]) socket.next(value);
    const first = sockets.last;
    const { send } = first;
    first.send = (data) => (data === '2' ? broken() : send.call(first, data));
    first.open();
    expect(first.sent).toEqual(['1']);
    const [, , reconnecting] = seen.events;
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    expect(reconnecting).toMatchObject({ closeEvent: { code: 1006, opened: true, initiator: 'transport', cause: new Error('broken') } });
    socket.next(6);
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['2', '3', '4', '5', '6']);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('S3: from close(): ends at once, unclean, local, with that cause', () => {
    const { socket, sockets, seen } = open();
    sockets.last.close = broken;
    socket.close(4000);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toEqual(new Error('broken'));
  });

  it('S7: from the close() that gives it up: ends anyway, and the next session connects', () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.events);
    sockets.last.close = broken;
    socket.close(4000);
    expect(seen.log.slice(1)).toEqual(['close 4000 clean local', 'complete']);
    recorded(socket.events);
    expect(sockets.made).toHaveLength(2);
    socket.close();
  });
});

it('S2: what a constructor throws is the error of its own subscribers only, not of a retry that still waits', () => {
  let refuses = false;
  class Refusing extends FakeSocket {
    constructor(url: string) {
      if (refuses) throw new SyntaxError('never');
      super(url);
    }
  }
  const sockets = keepsMade(Refusing);
  const { socket } = setUp({ WebSocketCtor: sockets.WebSocketCtor });
  const [slow, fast] = [60_000, 100].map((ms) => recorded(socket.pipeEvents(reconnectOnCode({ 1006: after(ms), 1012: stop })).events));
  sockets.last.open();
  sockets.last.drop();
  refuses = true;
  vi.advanceTimersByTime(100);
  refuses = false;
  vi.advanceTimersByTime(60_000);
  sockets.last.open();
  sockets.last.closeClean(1012);
  expect([fast?.log.slice(3), slow?.log.slice(3)]).toEqual([
    ['connecting 1', 'SyntaxError'],
    ['connecting 1', 'open 1', 'close 1012 clean remote', 'complete'],
  ]);
});

it('S16: a transport that cannot be listened to is a failed attempt', () => {
  const frozen = Object.freeze({ readyState: 1, send: () => undefined, close: () => undefined });
  const { socket } = setUpFake({ transport: () => frozen as never });
  const seen = recorded(socket.events);
  vi.advanceTimersByTime(0);
  expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
  expect(lastClose(seen).cause).toBeInstanceOf(TypeError);
});

it('S16: a transport whose `on` cannot be read is a failed attempt, and is closed', () => {
  class Unreadable extends FakeSocket {
    get on(): never {
      throw new Error('broken');
    }
  }
  const sockets = keepsMade(Unreadable);
  const { socket } = setUpFake({ WebSocketCtor: sockets.WebSocketCtor });
  const seen = recorded(socket.events);
  vi.advanceTimersByTime(0);
  expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
  expect([lastClose(seen).cause, sockets.last.closes]).toEqual([new Error('broken'), [[1000]]]);
});

it('S3: a transport whose fields are fixed is closed by a handshake', () => {
  const { socket, sockets, seen } = open();
  Object.preventExtensions(sockets.last);
  socket.close(4000);
  sockets.last.closeClean(4000);
  expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
});

describe('a transport with odd events', () => {
  it.each([
    ['code 0 of an unclean close', { code: 0, wasClean: false }, 'close 1006 unclean transport'],
    ['no code of an unclean close', { wasClean: false }, 'close 1006 unclean transport'],
    ['no code of a clean close', { wasClean: true }, 'close 1005 clean remote'],
    ['no close event', undefined, 'close 1006 unclean transport'],
    ['a clean close with code 1006', { code: 1006, wasClean: true }, 'close 1006 unclean transport'],
    ['a code without wasClean', { code: 1012 }, 'close 1012 clean remote'],
  ])('S2: %s is normalised', (_what, event, close) => {
    const { sockets, seen } = open();
    sockets.last.readyState = 3;
    sockets.last.onclose(event);
    expect(seen.log[2]).toBe(close);
  });

  it('S14: a bad message before an open is reported, too', () => {
    const { socket, sockets, warnings } = setUpFake({ onInvalid: 'drop' });
    const seen = recorded(socket.events);
    sockets.last.onmessage({ data: '{' });
    expect([warnings, seen.log]).toMatchObject([[{ kind: 'invalid', data: '{' }], ['connecting 0']]);
    socket.close();
  });

  it('S3: a clean close without an open is a failed attempt', () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.events);
    sockets.last.closeClean(1000, 'bye');
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
    expect([lastClose(seen).opened, sockets.last.closes]).toEqual([false, []]);
  });

  it("S2: a server's Close that the transport has not answered by its close event is answered then", () => {
    const { sockets, seen } = open();
    sockets.last.readyState = 2;
    sockets.last.onclose({ code: 1012, wasClean: true });
    expect([seen.log.slice(2), sockets.last.closes]).toEqual([['close 1012 clean remote', 'complete'], [[1000]]]);
  });

  it('has a subprotocol and extensions of null: there are none', () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.events);
    Object.assign(sockets.last, { protocol: null, extensions: null });
    sockets.last.open();
    expect(seen.events.at(-1)).toMatchObject({ type: 'open', protocol: '', extensions: '' });
    socket.close();
    sockets.last.closeClean(1000);
  });

  it.each([undefined, null])('S3: errs with %s for an event, which is no cause', (event) => {
    const { sockets, seen } = open();
    sockets.last.onerror(event);
    sockets.last.drop();
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen).cause ?? undefined).toBeUndefined();
  });

  it('S3: a transport that is still open closeTimeout after an error goes on, each time', () => {
    const { socket, sockets, seen } = open({ closeTimeout: 300 });
    sockets.last.fail('first');
    vi.advanceTimersByTime(300);
    sockets.last.message(1);
    socket.next(2);
    expect([seen.log.slice(2), sockets.last.sent, sockets.last.closes]).toEqual([['message 1'], ['2'], []]);
    sockets.last.fail('second');
    sockets.last.readyState = 3;
    vi.advanceTimersByTime(299);
    expect(seen.log).toHaveLength(3);
    vi.advanceTimersByTime(1);
    expect(seen.log.slice(3)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen).cause).toEqual(new Error('first'));
  });

  it('S15: a transport that opens and accepts no value: sending the outbox takes all of closeTimeout, then Close is sent, and the session is over at once', () => {
    const { socket, sockets } = setUpFake({ closeTimeout: 300 });
    const seen = recorded(socket.events);
    sockets.last.onopen({ type: 'open' });
    socket.next(1);
    socket.complete();
    vi.advanceTimersByTime(299);
    expect([seen.log.slice(1), sockets.last.closes]).toEqual([['open 0'], []]);
    vi.advanceTimersByTime(1);
    expect([seen.log.slice(2), sockets.last.closes]).toEqual([['close 1006 unclean local', 'WebSocketCloseError'], [[1000]]]);
    expect(lastClose(seen)).toMatchObject({ unsent: [1], sent: { code: 1000, reason: '' } });
    expect(lastClose(seen).cause).toEqual(new WebSocketTimeoutError('close', 300));
  });
});
