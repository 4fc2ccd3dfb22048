import { asyncScheduler, BehaviorSubject, defer, NEVER, observeOn, of, Subject, takeWhile, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode, stop, suspendWhile, webSocket } from '../../src/index.js';
import type { SocketOperator, SocketStatus, SocketWarning } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(...operators: SocketOperator<number, number>[]) {
  const sockets = fakeSockets();
  const asked: number[] = [];
  const url = ({ attempt }: { attempt: number }): string => `ws://fake/${asked.push(attempt)}`;
  const socket = webSocket<number>({ url, WebSocketCtor: sockets.WebSocketCtor, closeTimeout: 500 });
  const statuses: SocketStatus[] = [];
  const warnings: SocketWarning[] = [];
  socket.status.subscribe((status) => statuses.push(status));
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const face = socket.pipeEvents(...operators);
  const states = (): string[] => statuses.map((status) => (status.state === 'waiting' ? `waiting ${status.why}` : status.state));
  return { sockets, asked, socket, face, statuses, states, warnings };
}

const suspended = 'reconnecting 1 in Infinity';

describe('while the signal is true', () => {
  it('an open connection is closed with the code and reason, none is made, and subscribers see no end', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face, statuses } = setUp(suspendWhile(signal, { code: 4000, reason: 'nobody looks' }));
    const seen = recorded(face.events);
    sockets.last.open();
    signal.next(true);
    expect(sockets.last.closes).toEqual([[4000, 'nobody looks']]);
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 4000, reason: 'nobody looks' });
    sockets.last.closeClean(4000, 'nobody looks');
    vi.advanceTimersByTime(1e9);
    expect(sockets.made).toHaveLength(1);
    expect(seen.log).toEqual(['connecting 0', 'open 0', suspended]);
    expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'suspended', until: null, attempt: 1, closeEvent: { code: 4000, initiator: 'local' } });
    signal.next(false);
    sockets.last.open();
    expect(seen.log.slice(3)).toEqual(['connecting 1', 'open 1']);
    seen.unsubscribe();
    sockets.last.closeClean(1000);
  });

  it('S5: an attempt ends before anything is made of it, when the signal was true before', () => {
    const signal = new BehaviorSubject(true);
    const { sockets, asked, face, states } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    expect([asked, sockets.made]).toEqual([[], []]);
    expect(states()).toEqual(['idle', 'connecting', 'waiting suspended']);
    expect(seen.log).toEqual(['connecting 0', suspended]);
    signal.next(false);
    expect(asked).toEqual([1]);
    expect(seen.log.slice(2)).toEqual(['connecting 1']);
    seen.unsubscribe();
  });

  it('an attempt that is under way is given up', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    signal.next(true);
    expect(sockets.last.closes).toEqual([[1000]]);
    expect(seen.log).toEqual(['connecting 0', suspended]);
    seen.unsubscribe();
  });

  it('a retry whose time comes waits for the end of it', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face, states } = setUp(reconnectOnCode({ 1012: after(100) }), suspendWhile(signal));
    const seen = recorded(face.events);
    sockets.last.open();
    sockets.last.closeClean(1012);
    signal.next(true);
    expect(states().at(-1)).toBe('waiting suspended');
    vi.advanceTimersByTime(1_000);
    expect(sockets.made).toHaveLength(1);
    signal.next(false);
    expect(sockets.made).toHaveLength(2);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 100', 'connecting 1']);
    seen.unsubscribe();
  });

  it('a retry whose time has not come when it ends keeps its time', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face, statuses, states } = setUp(reconnectOnCode({ 1012: after(100) }), suspendWhile(signal));
    const seen = recorded(face.events);
    sockets.last.closeClean(1012);
    const until = Date.now() + 100;
    signal.next(true);
    signal.next(false);
    expect(states().slice(-3)).toEqual(['waiting delay', 'waiting suspended', 'waiting delay']);
    expect(statuses.at(-1)).toMatchObject({ until });
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(100);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('retryNow() counts only afterwards', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face, statuses } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    signal.next(true);
    const status = statuses.at(-1);
    if (status?.state === 'waiting') status.retryNow();
    expect(sockets.made).toHaveLength(1);
    signal.next(false);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it.each(['before', 'after'])('no policy is asked, and a reconnectOnCode %s it makes no connection', (where) => {
    const signal = new BehaviorSubject(false);
    const policy = vi.fn(() => 0);
    const operators: SocketOperator<number, number>[] = [reconnectOnCode(policy), suspendWhile(signal)];
    const { sockets, face } = setUp(...(where === 'before' ? operators : operators.reverse()));
    const seen = recorded(face.events);
    sockets.last.open();
    signal.next(true);
    sockets.last.closeClean(1000);
    expect([policy.mock.calls, sockets.made.length]).toEqual([[], 1]);
    signal.next(false);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
  });

  it('S13: the outbox is kept, and takes further values', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket, face } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    face.next(1);
    signal.next(true);
    face.next(2);
    signal.next(false);
    face.next(3);
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['1', '2', '3']);
    socket.close();
    sockets.last.closeClean(1000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S18: messages end with the Close', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    sockets.last.open();
    sockets.last.message(1);
    signal.next(true);
    sockets.last.message(2);
    sockets.last.closeClean(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 1', suspended]);
    seen.unsubscribe();
  });

  it('S11: who subscribes late receives reconnecting, then the connection that comes', () => {
    const signal = new BehaviorSubject(false);
    const { socket, face } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    signal.next(true);
    const [late, base] = [recorded(face.events), recorded(socket.events)];
    expect([late.log, base.log]).toEqual([[suspended], [suspended]]);
    signal.next(false);
    expect([late.log, base.log]).toEqual([[suspended, 'connecting 1'], [suspended, 'connecting 1']]);
    for (const one of [seen, late, base]) one.unsubscribe();
  });

  it('S3: a peer that does not answer the Close holds nothing up: the connection is replaced after closeTimeout', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face, statuses } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    sockets.last.open();
    signal.next(true);
    signal.next(false);
    expect(sockets.made).toHaveLength(1);
    vi.advanceTimersByTime(500);
    expect(sockets.made).toHaveLength(2);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    expect(statuses.find(({ state }) => state === 'waiting')).toMatchObject({ why: 'delay', closeEvent: { code: 1006, initiator: 'local' } });
    seen.unsubscribe();
  });
});

describe('S5: an end by the program while suspended is final', () => {
  it.each([
    ['close', ['close 4001 enough clean local', 'complete']],
    ['complete', ['close 1000 clean local', 'complete']],
    ['error', ['close 1000 clean local', 'mine']],
    ['closeGracefully', ['close 4001 clean local', 'complete']],
    ['unsubscribe', []],
    ['the last unsubscribe', []],
  ] as const)('%s', (how, told) => {
    const signal = new BehaviorSubject(true);
    const leaving = new Subject<void>();
    const { sockets, face, states } = setUp(suspendWhile(signal), closeGracefully(leaving, { code: 4001 }));
    const seen = recorded(face.events);
    face.next(7);
    if (how === 'close') face.close(4001, 'enough');
    else if (how === 'error') face.error('mine');
    else if (how === 'the last unsubscribe') seen.unsubscribe();
    else if (how === 'closeGracefully') leaving.next();
    else face[how]();
    signal.next(false);
    vi.advanceTimersByTime(1e9);
    expect(sockets.made).toEqual([]);
    expect(states().at(-1)).toBe('closed');
    expect(seen.log.slice(2)).toEqual(told);
  });

  it('also while the Close of the suspension is not answered yet', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face } = setUp(suspendWhile(signal, { code: 4000 }));
    const seen = recorded(face.events);
    sockets.last.open();
    signal.next(true);
    face.close(4001);
    sockets.last.closeClean(4000);
    signal.next(false);
    expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
    expect(sockets.made).toHaveLength(1);
  });
});

describe('leaving', () => {
  it.each([
    ['while the connection is closed', (sockets: ReturnType<typeof fakeSockets>) => sockets.last.closeClean(1000)],
    ['before the connection was open', () => undefined],
  ])('S9: unsubscribe() of the subject %s for the suspension: who subscribes then gets a connection', (when, close) => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket, face, states } = setUp(reconnectOnCode(after(0)), suspendWhile(signal));
    recorded(face.events);
    if (!when.startsWith('before')) sockets.last.open();
    signal.next(true);
    close(sockets);
    socket.unsubscribe();
    expect(states().slice(-2)).toEqual(['waiting suspended', 'closed']);
    expect(signal.observed).toBe(false);
    const seen = recorded(socket.events);
    sockets.last.open();
    expect([sockets.made.length, seen.log]).toEqual([2, ['connecting 0', 'open 0']]);
    seen.unsubscribe();
    sockets.last.closeClean(1000);
  });
});

describe('the signal', () => {
  it('that completes leaves its last value standing', () => {
    const { sockets, socket, face } = setUp(suspendWhile(of(true)));
    const seen = recorded(face.events);
    vi.advanceTimersByTime(1e9);
    expect([seen.log, sockets.made]).toEqual([['connecting 0', suspended], []]);
    socket.close();
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S16: that errors is told on warnings, and suspends no more', () => {
    const signal = new BehaviorSubject(true);
    const { sockets, face, warnings } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    signal.error(new Error('broken'));
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'suspendWhile', error: { message: 'broken' } }]);
    expect(sockets.made).toHaveLength(1);
    seen.unsubscribe();
  });

  it('S16: that errors at once changes nothing', () => {
    const { sockets, face, warnings } = setUp(suspendWhile(throwError(() => 'broken')));
    const seen = recorded(face.events);
    expect([warnings.length, sockets.made.length]).toEqual([1, 1]);
    seen.unsubscribe();
  });

  it('is subscribed once, however many subscribe, and left when the session is over', () => {
    let subscribed = 0;
    const signal = new BehaviorSubject(false);
    const counted = defer(() => {
      subscribed++;
      return signal;
    });
    const { sockets, face } = setUp(suspendWhile(counted));
    const [one, two] = [recorded(face.events), recorded(face.events)];
    sockets.last.open();
    signal.next(true);
    sockets.last.closeClean(1000);
    expect([one.log, two.log]).toEqual([['connecting 0', 'open 0', suspended], ['connecting 0', 'open 0', suspended]]);
    face.close();
    expect([subscribed, signal.observed]).toEqual([1, false]);
  });

  it('applied by hand for two subscribers, makes one Close and one new connection', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket } = setUp();
    const events = socket.events.pipe(suspendWhile(signal));
    const [one, two] = [recorded(events), recorded(events)];
    signal.next(true);
    signal.next(false);
    expect(sockets.made).toHaveLength(2);
    expect([one.log, two.log]).toEqual([['connecting 0', suspended, 'connecting 1'], ['connecting 0', suspended, 'connecting 1']]);
    socket.close();
  });

  it('of one face suspends the others: who reconnects waits for it, who does not ends', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket, face } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    const [base, reconnecting] = [recorded(socket.events), recorded(socket.pipeEvents(reconnectOnCode({ 1000: stop })).events)];
    sockets.last.open();
    signal.next(true);
    sockets.last.closeClean(1000);
    expect(base.log.slice(2)).toEqual(['close 1000 clean local', 'complete']);
    expect(reconnecting.log.slice(2)).toEqual([suspended]);
    signal.next(false);
    expect([seen.log.at(-1), reconnecting.log.at(-1), sockets.made.length]).toEqual(['connecting 1', 'connecting 1', 2]);
    socket.close();
  });

  it('of two operators: connects when neither is true', () => {
    const [one, two] = [new BehaviorSubject(false), new BehaviorSubject(false)];
    const { sockets, socket, face } = setUp(suspendWhile(one), suspendWhile(two));
    recorded(face.events);
    one.next(true);
    two.next(true);
    one.next(false);
    expect(sockets.made).toHaveLength(1);
    two.next(false);
    expect(sockets.made).toHaveLength(2);
    socket.close();
  });

  it('whose subscribers leave during the suspension lets the others connect', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket, face } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    signal.next(true);
    const base = recorded(socket.events);
    seen.unsubscribe();
    expect(base.log).toEqual([suspended, 'connecting 1']);
    expect([sockets.made.length, signal.observed]).toEqual([2, false]);
    base.unsubscribe();
  });

  it('that is toggled from inside reconnecting is followed', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, face } = setUp(suspendWhile(signal));
    const subscription = face.events.subscribe((event) => event.type === 'reconnecting' && signal.next(false));
    sockets.last.open();
    signal.next(true);
    sockets.last.closeClean(1000);
    expect(sockets.made).toHaveLength(2);
    subscription.unsubscribe();
  });

  it('S8: does not count as a failure', () => {
    const signal = new BehaviorSubject(false);
    const { face, asked, socket } = setUp(suspendWhile(signal));
    const seen = recorded(face.events);
    for (let i = 0; i < 3; i++) {
      signal.next(true);
      signal.next(false);
    }
    expect(seen.events.flatMap((event) => (event.type === 'connecting' ? [event.attempt] : []))).toEqual([0, 1, 1, 1]);
    expect(asked).toHaveLength(4);
    socket.close();
  });

  it('must be an Observable, and its Close one that may be sent', () => {
    expect(() => suspendWhile(true as never)).toThrow('suspendWhile: signal must be an Observable, not true');
    const code: number = 1001;
    expect(() => suspendWhile(NEVER, { code })).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));
    expect(() => suspendWhile(NEVER, { reason: 'x'.repeat(124) })).toThrow(expect.objectContaining({ name: 'SyntaxError' }));
  });
});

describe('whoever leaves while suspended', () => {
  const orders: [string, (signal: Subject<boolean>) => SocketOperator<number, number>[]][] = [
    ['alone', (signal) => [suspendWhile(signal)]],
    ['after reconnectOnCode', (signal) => [reconnectOnCode(after(0)), suspendWhile(signal)]],
    ['before reconnectOnCode', (signal) => [suspendWhile(signal), reconnectOnCode(after(0))]],
    ['twice', (signal) => [suspendWhile(signal), suspendWhile(signal)]],
  ];

  describe.each(orders)('%s', (_order, operators) => {
    it.each([
      ['by unsubscribing, in the first suspension', 1, false],
      ['by unsubscribing, in the second', 2, false],
      ['by unsubscribe() of the subject, in the first', 1, true],
      ['by unsubscribe() of the subject, in the second', 2, true],
    ])('S9: %s, ends the session, makes no connection and listens no more', (_how, times, ofTheSubject) => {
      const signal = new BehaviorSubject(false);
      const { sockets, face, socket, asked, statuses } = setUp(...operators(signal));
      const seen = recorded(face.events);
      for (let n = 1; n <= times; n++) {
        signal.next(false);
        sockets.last.open();
        signal.next(true);
        sockets.last.closeClean(1000);
      }
      expect(statuses.at(-1)).toMatchObject({ state: 'waiting', why: 'suspended' });
      const told = seen.log.length;
      if (ofTheSubject) socket.unsubscribe();
      else seen.unsubscribe();
      expect(statuses.at(-1)).toMatchObject({ state: 'closed', attempts: times });
      expect([signal.observed, asked.length, sockets.made.length, seen.log.length]).toEqual([false, times, times, told]);
    });
  });
});

describe('a signal that turns false inside what its true causes', () => {
  it.each(['the status closing', 'the event reconnecting'])('suspends no more: inside %s', (where) => {
    const signal = new Subject<boolean>();
    const { sockets, socket, face } = setUp(reconnectOnCode(), suspendWhile(signal));
    const seen = recorded(face.events);
    const turn = (now: string): void => {
      if (now === where) signal.next(false);
    };
    socket.status.subscribe(({ state }) => turn(`the status ${state}`));
    face.events.subscribe(({ type }) => turn(`the event ${type}`));
    if (where === 'the status closing') sockets.last.open();
    signal.next(true);
    if (where === 'the status closing') sockets.last.closeClean(1000);
    expect(seen.log.at(-1)).toBe('connecting 1');
    socket.close();
  });

  it('and whose subscriber leaves there leaves nothing behind', () => {
    const signal = new BehaviorSubject(true);
    const { sockets, socket, face } = setUp(suspendWhile(signal));
    const other = recorded(socket.pipeEvents(reconnectOnCode({ 1000: after(0) })).events);
    face.events.pipe(takeWhile(({ type }) => type !== 'reconnecting')).subscribe();
    expect(signal.observed).toBe(false);
    sockets.last.open();
    expect(other.log.at(-1)).toMatch(/^open/);
    socket.close();
    sockets.last.closeClean(1000);
  });
});

describe('S5: while the signal is true', () => {
  it('an operator of somebody else that holds the close back makes no connection, and the signal is heard on', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket } = setUp();
    const seen = recorded(socket.pipeEvents(observeOn(asyncScheduler), suspendWhile(signal)).events);
    sockets.last.open();
    vi.advanceTimersByTime(10);
    signal.next(true);
    sockets.last.closeClean(1000);
    vi.advanceTimersByTime(100);
    expect([sockets.made.length, signal.observed]).toEqual([1, true]);
    signal.next(false);
    vi.advanceTimersByTime(100);
    expect(sockets.made).toHaveLength(2);
    seen.unsubscribe();
    vi.advanceTimersByTime(100);
  });

  it('who subscribes to the base inside the close joins the wait', () => {
    const signal = new Subject<boolean>();
    const { sockets, socket, face } = setUp(suspendWhile(signal));
    let later: ReturnType<typeof recorded> | undefined;
    socket.events.subscribe(({ type }) => {
      if (type === 'close') later ??= recorded(socket.events);
    });
    recorded(face.events);
    sockets.last.open();
    signal.next(true);
    sockets.last.closeClean(1000);
    expect([sockets.made.length, later?.log]).toEqual([1, [suspended]]);
    signal.next(false);
    expect([sockets.made.length, later?.log.at(-1)]).toEqual([2, 'connecting 1']);
    socket.close();
  });

  it('a stream that has ended suspends the others no more', () => {
    const signal = new BehaviorSubject(false);
    const { sockets, socket } = setUp();
    recorded(socket.pipeEvents(reconnectOnCode(stop), suspendWhile(signal)).events);
    const other = recorded(socket.pipeEvents(reconnectOnCode(after(10))).events);
    sockets.last.open();
    sockets.last.drop();
    vi.advanceTimersByTime(20);
    sockets.last.open();
    signal.next(true);
    expect(sockets.last.closes).toEqual([]);
    expect(other.log.at(-1)).toBe('open 1');
    socket.close();
    sockets.last.closeClean(1000);
  });

  it('S15: what now asks for is kept once', () => {
    const now = new Subject<void>();
    const { sockets, face, statuses } = setUp(reconnectOnCode(undefined, { now }), suspendWhile(of(true)));
    const seen = recorded(face.events);
    for (let i = 0; i < 1_000; i++) now.next();
    expect([sockets.made.length, statuses.at(-1)]).toMatchObject([0, { state: 'waiting', why: 'suspended', until: null }]);
    seen.unsubscribe();
  });
});
