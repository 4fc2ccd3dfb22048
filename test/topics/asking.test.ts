import { EMPTY, NEVER, Subject, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, onOpen, reconnectOnCode, type SocketOpen } from '../../src/index.js';
import { handleOf } from '../../src/session/events.js';
import { recorded } from '../subject/recorded.js';
import { setUp, type Message } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const reconnecting = () => reconnectOnCode<Message, string>(after(0));

describe('requests to the server', () => {
  it('one for a key, for its first consumer, and one more after its last', () => {
    const { last, watch, sent } = setUp();
    const first = watch('a');
    const second = watch('a');
    last().accept();
    const third = watch('a');
    expect(sent()).toEqual([['+a']]);
    for (const { leave } of [first, third]) leave();
    expect(sent()).toEqual([['+a']]);
    second.leave();
    expect(sent()).toEqual([['+a', '-a']]);
  });

  it('are sent at once on an open connection, and again for a later consumer', () => {
    const { last, watch, sent } = setUp();
    watch('a');
    last().accept();
    watch('b').leave();
    watch('b');
    expect(sent()).toEqual([['+a', '+b', '-b', '+b']]);
  });

  it('are not sent when the last consumer unsubscribes before the connection is open', () => {
    const { socket, last, watch, sent } = setUp();
    recorded(socket.events);
    watch('a').leave();
    last().accept();
    expect(sent()).toEqual([[]]);
  });

  it('S12: are sent for all live keys on open, in the order of their first subscription, before the outbox', () => {
    const { socket, last, watch, sent } = setUp();
    socket.next('first');
    const b = watch('b');
    watch('c');
    watch('a');
    watch('b');
    b.leave();
    socket.next('second');
    last().accept();
    socket.next('third');
    expect(sent()).toEqual([['+b', '+c', '+a', 'first', 'second', 'third']]);
  });

  it('S12: are sent before the outbox also when one of their callbacks sends a value', () => {
    const { socket, last, watch, sent } = setUp({
      subscribe: (key) => {
        if (key === 'a') socket.next('live');
        return `+${key}`;
      },
    });
    watch('a');
    watch('b');
    socket.next('queued');
    last().accept();
    expect(sent()).toEqual([['+a', '+b', 'queued', 'live']]);
  });

  it('are sent for keys of any type, compared as a Map does', () => {
    const asked: unknown[] = [];
    const { last, topic } = setUp({ subscribe: (key) => void asked.push(key), unsubscribe: () => undefined });
    const keys = [null, NaN, 0, -0, '0', {}, {}, Symbol('key'), false] as never[];
    for (const key of keys) topic(key).subscribe();
    topic(NaN as never).subscribe();
    last().accept();
    expect(asked).toEqual(keys.filter((_, index) => index !== 3));
  });

  it('are not sent where a callback returns undefined, and the key counts as requested', () => {
    const unsubscribe = vi.fn(() => undefined);
    const subscribe = vi.fn(() => undefined);
    const { socket, last, watch, sent } = setUp({ subscribe, unsubscribe });
    recorded(socket.events);
    const a = watch('a');
    last().accept();
    watch('a').leave();
    a.leave();
    expect(sent()).toEqual([[]]);
    expect([subscribe.mock.calls, unsubscribe.mock.calls]).toEqual([[['a', undefined]], [['a']]]);
  });
});

describe('a login', () => {
  /** Also returns a function that logs in again on an open connection. */
  const renewing = () => {
    let present: SocketOpen<Message, string> | undefined;
    const remember = onOpen<Message, string>((open) => {
      present = open;
    });
    return { ...setUp({}, remember, reconnecting()), renew: (work: Observable<unknown>) => present?.waitUntil(work) };
  };
  const loggedIn = (work: Observable<unknown>) =>
    onOpen<Message, string>((open) => {
      open.send('login');
      return work;
    });

  it('S12: comes before the topics, which come before the outbox', () => {
    const work = new Subject<void>();
    const { socket, last, watch, sent } = setUp({}, loggedIn(work));
    watch('a');
    socket.next('first');
    last().accept();
    watch('b');
    watch('c').leave();
    expect(sent()).toEqual([['login']]);
    work.complete();
    watch('d');
    expect(sent()).toEqual([['login', '+a', '+b', 'first', '+d']]);
  });

  it('S12: comes first also on the base subject, and where your code subscribes to a topic inside `open`', () => {
    const { socket, last, watch, sent } = setUp();
    socket.events.subscribe((event) => event.type === 'open' && watch('a'));
    recorded(socket.pipeEvents(loggedIn(EMPTY)).events);
    last().accept();
    expect(sent()).toEqual([['login', '+a']]);
  });

  it('S12: that is renewed later holds back the requests for keys until it is done, not those that end a key', () => {
    const { socket, last, watch, sent, renew } = renewing();
    const [a, b] = [watch('a'), watch('b')];
    last().accept();
    const work = new Subject<void>();
    renew(work);
    socket.next('value');
    a.leave();
    watch('c');
    b.leave();
    const again = watch('b');
    watch('d').leave();
    expect(sent()).toEqual([['+a', '+b', '-a', '-b']]);
    work.complete();
    expect(sent()).toEqual([['+a', '+b', '-a', '-b', '+c', '+b', 'value']]);
    again.leave();
    expect(sent()[0]?.at(-1)).toBe('-b');
  });

  it('S12: that is renewed when the last consumer unsubscribes, while others keep the connection, holds back the next request for a key', () => {
    const { socket, last, watch, sent, renew } = renewing();
    recorded(socket.events);
    const a = watch('a');
    last().accept();
    const work = new Subject<void>();
    renew(work);
    a.leave();
    watch('b');
    work.complete();
    expect(sent()).toEqual([['+a', '-a', '+b']]);
  });

  it('S12: that a callback begins holds back the other requests, and the outbox', () => {
    const work = new Subject<void>();
    let open: SocketOpen<Message, string> | undefined;
    const hold = vi.fn((key: string) => {
      if (key === 'b' && hold.mock.calls.length === 2) open?.waitUntil(work);
      return `+${key}`;
    });
    const { socket, last, watch, sent } = setUp({ subscribe: hold }, onOpen((event) => void (open = event)));
    socket.next('value');
    for (const key of ['a', 'b', 'c']) watch(key);
    last().accept();
    expect(sent()).toEqual([['+a']]);
    work.complete();
    expect(sent()).toEqual([['+a', '+b', '+c', 'value']]);
  });

  it('S12: that fails: no request is sent, and the next connection gets all', () => {
    const works = [new Subject<void>(), new Subject<void>()];
    let made = 0;
    const { last, watch, sent } = setUp({}, onOpen(() => works[made++]), reconnecting());
    watch('a');
    last().accept();
    works[0]?.error(new Error('refused'));
    last().accept();
    works[1]?.complete();
    expect(sent()).toEqual([[], ['+a']]);
  });
});

describe('a connection that other subscribers keep open', () => {
  it.each(['none', 'begun before the last consumer unsubscribes'] as const)('retains nothing of topics without consumers; login: %s', (login) => {
    const { socket, last, watch, sent } = setUp();
    const seen = recorded(socket.events);
    for (let round = 0; round < 2; round++) {
      const a = watch('a');
      if (round === 0) last().accept();
      const present = seen.events.find((event): event is SocketOpen<unknown, never> => event.type === 'open');
      const work = new Subject<void>();
      if (login !== 'none') present?.waitUntil(work);
      a.leave();
      work.complete();
      expect(present && handleOf(present).beforeOutbox.length).toBe(0);
    }
    expect(sent()).toEqual([['+a', '-a', '+a', '-a']]);
  });
});

describe('after a reconnect', () => {
  it('the live keys are requested again, with the last message of each, and keys without consumers are not', () => {
    const { last, watch, message, sent } = setUp({}, reconnecting());
    const [a] = [watch('a'), watch('b'), watch('c')];
    last().accept();
    message('b', 1);
    message('b', 2);
    message('a', 3);
    a.leave();
    last().drop();
    last().accept();
    expect(sent()).toEqual([['+a', '+b', '+c', '-a'], ['+b@2', '+c']]);
  });

  it('no unsubscribe request is sent for a key that was requested on an earlier connection', () => {
    const { last, watch, sent } = setUp({}, reconnecting());
    const [a] = [watch('a'), watch('b')];
    last().accept();
    last().drop();
    a.leave();
    last().accept();
    expect(sent()).toEqual([['+a', '+b'], ['+b']]);
  });

  it('the last message is forgotten with the last consumer', () => {
    const { last, watch, message, sent } = setUp({}, reconnecting());
    const [a] = [watch('a'), watch('b')];
    last().accept();
    message('a', 1);
    a.leave();
    watch('a');
    expect(sent()).toEqual([['+a', '+b', '-a', '+a']]);
  });
});

describe('grace', () => {
  it('keeps a key for a consumer that comes in time, without a request, and then ends it', () => {
    const { socket, last, watch, sent, message } = setUp({ grace: 100 });
    recorded(socket.events);
    const first = watch('a');
    last().accept();
    first.leave();
    vi.advanceTimersByTime(99);
    const second = watch('a');
    vi.advanceTimersByTime(1_000);
    expect(sent()).toEqual([['+a']]);
    message('a', 1);
    second.leave();
    vi.advanceTimersByTime(99);
    expect(sent()).toEqual([['+a']]);
    vi.advanceTimersByTime(1);
    expect(sent()).toEqual([['+a', '-a']]);
    expect([first.log, second.log]).toEqual([[], [1]]);
  });

  it('keeps the connection, which is closed afterwards, and leaves no timer', () => {
    const { last, watch } = setUp({ grace: 100 });
    const a = watch('a');
    last().accept();
    a.leave();
    expect(last().closedWith).toBeNull();
    vi.advanceTimersByTime(100);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('a key in its grace is not requested after a reconnect until a consumer comes, which continues at the last message', () => {
    const { last, watch, message, sent } = setUp({ grace: 100 }, reconnecting());
    const a = watch('a');
    watch('b');
    last().accept();
    message('a', 5);
    a.leave();
    last().drop();
    last().accept();
    expect(sent()).toEqual([['+a', '+b'], ['+b']]);
    watch('a');
    expect(sent()).toEqual([['+a', '+b'], ['+b', '+a@5']]);
  });

  it('that ends after a reconnect sends no request', () => {
    const { last, watch, sent } = setUp({ grace: 100 }, reconnecting());
    const a = watch('a');
    watch('b');
    last().accept();
    a.leave();
    last().drop();
    last().accept();
    vi.advanceTimersByTime(100);
    expect(sent()).toEqual([['+a', '+b'], ['+b']]);
  });

  it('ends with the session, and leaves no timer', () => {
    const { last, watch, sent } = setUp({ grace: 100 });
    watch('a').leave();
    watch('b');
    last().accept();
    last().close(1000);
    expect(vi.getTimerCount()).toBe(0);
    expect(sent()).toEqual([['+b']]);
  });
});

describe('an end by your code', () => {
  it('S7: a consumer that comes while the session ends begins a new one', () => {
    const stopping = new Subject<void>();
    const { last, server, watch, message, sent } = setUp({}, closeGracefully(stopping, { until: NEVER }));
    const old = watch('a');
    const other = watch('b');
    last().accept();
    stopping.next();
    const next = watch('a');
    message('a', 1);
    other.leave();
    vi.advanceTimersByTime(5_000);
    server.connections[0]?.close(1000);
    last().accept();
    message('a', 2);
    expect(sent()).toEqual([['+a', '+b', '-b'], ['+a']]);
    expect([old.log, next.log]).toEqual([[1, 'complete'], [2]]);
  });

  it('S5: a graceful shutdown before the open requests the topics, whose messages are delivered until Close is sent', () => {
    const { socket, last, watch, sent } = setUp();
    const a = watch('a');
    socket.next('value');
    socket.complete();
    last().accept();
    last().close(1000);
    expect([sent(), a.log]).toEqual([[['+a', 'value']], ['complete']]);
  });

  it('S9: the last consumer sends the unsubscribe request before the Close', () => {
    const { last, watch, sent } = setUp();
    const a = watch('a');
    last().accept();
    a.leave();
    // A value after our Close would not be received.
    expect([sent(), last().closedWith]).toEqual([[['+a', '-a']], { code: 1000, reason: '' }]);
  });
});
