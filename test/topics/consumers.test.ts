import { config as rxjsConfig, EMPTY, finalize, map, retry } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, topics, webSocket } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { alive } from '../subject/setUp.js';
import { setUp, type Message, type Watcher } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  rxjsConfig.onUnhandledError = null;
  rxjsConfig.onStoppedNotification = null;
  vi.useRealTimers();
});

const failing = (): never => {
  throw new Error('broken');
};

describe('a message', () => {
  it('reaches the consumers of its key, in order; one without a key or consumers is dropped', () => {
    const { last, watch, message, topic } = setUp();
    const [a, b] = [watch('a'), watch('b')];
    const seen: unknown[] = [];
    topic('a').subscribe((value) => seen.push(value));
    last().accept();
    for (const [index, key] of ['a', 'b', 'x', 'a'].entries()) message(key, index);
    last().send({ n: 9 });
    expect([a.log, b.log, seen]).toEqual([[0, 3], [1], [{ key: 'a', n: 0 }, { key: 'a', n: 3 }]]);
  });

  it('calls keyOf once, however many keys and consumers there are', () => {
    const keyOf = vi.fn(({ key }: Message) => key);
    const { last, watch, message } = setUp({ keyOf });
    for (let index = 0; index < 100; index++) watch(`key ${index}`);
    last().accept();
    message('key 7', 1);
    expect(keyOf).toHaveBeenCalledTimes(1);
  });

  it('reaches the other consumers when one of many unsubscribes, in any order', () => {
    const { last, watch, message } = setUp();
    const all = Array.from({ length: 9 }, () => watch('a'));
    last().accept();
    for (const [round, leaving] of [4, 0, 8, 1, 7, 2].entries()) {
      all[leaving]?.leave();
      message('a', round);
    }
    expect(all.map(({ log }) => log.length)).toEqual([1, 3, 5, 6, 0, 6, 6, 4, 2]);
  });
});

it('S16: reaches the other consumers of its key when the teardown of one throws, which is reported', () => {
  const { last, topic, watch, message, warnings } = setUp();
  const before = watch('a');
  topic('a').pipe(map(failing), finalize(failing)).subscribe({ error: () => undefined });
  const after = [watch('a'), watch('a')];
  last().accept();
  message('a', 1);
  message('a', 2);
  expect([before, ...after].map(({ log }) => log)).toEqual([[1, 2], [1, 2], [1, 2]]);
  expect(warnings).toEqual([{ kind: 'callback', callback: 'finalizer', error: expect.objectContaining({ name: 'UnsubscriptionError' }) as unknown }]);
});

it('does not reach a consumer that subscribes inside it, also when there was one consumer', () => {
  const { last, watch, message } = setUp();
  const joined: Watcher[] = [];
  const first = watch('a', (n) => n < 3 && joined.push(watch('a')));
  last().accept();
  for (const n of [1, 2, 3]) message('a', n);
  expect([first, ...joined].map(({ log }) => log)).toEqual([[1, 2, 3], [2, 3], [3]]);
});

it('S16: does not reach a consumer that has unsubscribed, nor does the end, which RxJS would report to onStoppedNotification', () => {
  const stopped = vi.fn();
  rxjsConfig.onStoppedNotification = stopped;
  const { last, watch, message } = setUp();
  const all = [watch('a'), watch('a'), watch('a')];
  last().accept();
  all[1]?.leave();
  message('a', 1);
  last().close(1000);
  vi.advanceTimersByTime(0);
  expect([stopped.mock.calls, all.map(({ log }) => log)]).toEqual([[], [[1, 'complete'], [], [1, 'complete']]]);
});

describe('the end of the session', () => {
  it('S2: a clean one completes the consumers of every topic', () => {
    const { last, watch } = setUp();
    const all = ['a', 'b', 'a'].map((key) => watch(key));
    last().accept();
    last().close(1012);
    expect(all.map(({ log }) => log)).toEqual([['complete'], ['complete'], ['complete']]);
  });

  it('S2: an unclean one errors them', () => {
    const { last, watch } = setUp();
    const all = ['a', 'b'].map((key) => watch(key));
    last().accept();
    last().drop();
    expect(all.map(({ log }) => log)).toEqual([['WebSocketCloseError'], ['WebSocketCloseError']]);
  });

  it('S1: so does a constructor that refuses, before a request was sent', () => {
    const socket = webSocket<Message, string>({ url: 'ws://fake', WebSocketCtor: class { constructor() { failing(); } } as never }); // prettier-ignore
    const topic = topics(socket, { keyOf: ({ key }) => key, subscribe: failing, unsubscribe: failing });
    const errors: unknown[] = [];
    topic('a').subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([new Error('broken')]);
  });

  it('S7: a consumer that subscribes after it, or inside it, begins a new session, which does not continue the old one', () => {
    const { last, watch, topic, message, sent } = setUp();
    const again: Watcher[] = [];
    topic('a').subscribe({ complete: () => again.push(watch('a'), watch('b')) });
    last().accept();
    message('a', 1);
    last().close(1000);
    last().accept();
    expect(sent()).toEqual([['+a'], ['+a', '+b']]);
    message('b', 2);
    expect(again.map(({ log }) => log)).toEqual([[], [2]]);
  });

  it('RxJS retry on a topic sends the request again on the next connection', () => {
    const { last, topic, message, sent } = setUp();
    const log: number[] = [];
    topic('a').pipe(retry({ count: 1 })).subscribe({ next: ({ n }) => log.push(n), error: () => undefined }); // prettier-ignore
    last().accept();
    message('a', 1);
    last().drop();
    last().accept();
    message('a', 2);
    expect([sent(), log]).toEqual([[['+a'], ['+a']], [1, 2]]);
  });

  it('S7: a consumer that subscribes inside the close event begins the next session', () => {
    const { socket, last, server, watch, sent, message } = setUp({ grace: 100 });
    const inside: Watcher[] = [];
    const first = watch('a');
    socket.events.subscribe((event) => {
      if (event.type !== 'close') return;
      inside.push(watch('a'), watch('b'), watch('c'));
      inside[1]?.leave();
    });
    last().accept();
    last().close(1000);
    expect([first.log, server.connections.length]).toEqual([['complete'], 2]);
    last().accept();
    expect(sent()).toEqual([['+a'], ['+a', '+c']]);
    for (const key of ['a', 'b', 'c']) message(key, 1);
    expect(inside.map(({ log }) => log)).toEqual([[1], [], [1]]);
  });

  it('S7: a consumer that subscribed inside the close event is ended with the others by unsubscribe() of the subject', () => {
    const { socket, last, server, watch } = setUp();
    const inside: Watcher[] = [];
    watch('a');
    socket.events.subscribe((event) => {
      if (event.type !== 'close') return;
      inside.push(watch('a'));
      socket.unsubscribe();
    });
    last().accept();
    last().close(1000);
    expect([alive(server), inside[0]?.log]).toEqual([[], []]);
  });

  it('S7: a consumer that subscribes inside the close event, after another subscriber has begun a new session there, joins that', () => {
    const { socket, last, watch, sent } = setUp();
    const inside: Watcher[] = [];
    socket.events.subscribe((event) => {
      if (event.type !== 'close') return;
      socket.subscribe();
      inside.push(watch('a'));
    });
    const old = watch('a');
    last().accept();
    last().close(1000);
    last().accept();
    expect([old.log, inside[0]?.log, sent()]).toEqual([['complete'], [], [['+a'], ['+a']]]);
  });

  it('S1: an operator may end without an event', () => {
    const { watch, server } = setUp({}, () => EMPTY);
    expect([watch('a').log, server.connections]).toEqual([['complete'], []]);
  });

  it.each(['first', 'last'] as const)('S7: a consumer that subscribes inside the close event or a terminal begins the next session, be the other subscriber notified %s', (who) => {
    const { socket, last, watch, sent } = setUp();
    const inside: Watcher[] = [];
    const first = who === 'last' ? watch('a') : undefined;
    socket.events.subscribe({ next: (event) => event.type === 'close' && inside.push(watch('a')), complete: () => inside.push(watch('b')) });
    const watcher = first ?? watch('a');
    last().accept();
    last().close(1000);
    expect([watcher.log, inside.map(({ log }) => log)]).toEqual([['complete'], [[], []]]);
    last().accept();
    expect(sent()).toEqual([['+a'], ['+a', '+b']]);
  });

  it('S7: so does one that subscribes only in the terminal of a subscriber that is notified before the earlier consumers', () => {
    const { socket, last, server, watch, sent } = setUp();
    const inside: Watcher[] = [];
    socket.subscribe({ complete: () => inside.push(watch('b')) });
    const watcher = watch('a');
    last().accept();
    last().close(1000);
    expect([watcher.log, inside[0]?.log, server.connections.length]).toEqual([['complete'], [], 2]);
    last().accept();
    expect(sent()).toEqual([['+a'], ['+b']]);
  });

  it('unsubscribe() of the subject ends every consumer without a terminal; one that subscribes inside belongs to the next session', () => {
    const { socket, last, topic, watch, sent } = setUp();
    const log: unknown[] = [];
    const next: Watcher[] = [];
    const subscription = topic('a').subscribe({ complete: () => log.push('complete'), error: () => log.push('error') });
    subscription.add(() => next.push(watch('b')));
    const other = watch('a');
    last().accept();
    socket.unsubscribe();
    expect([log, other.log, subscription.closed]).toEqual([[], [], true]);
    expect(sent()[0]).toEqual(['+a']);
    last().accept();
    expect([sent(), next[0]?.log]).toEqual([[['+a'], ['+b']], []]);
  });

  it('on one subject is none on another: the base completes where the subject that reconnects goes on', () => {
    const { socket: base, last, watch } = setUp();
    const derived = base.pipeEvents(reconnectOnCode(after(0)));
    const topic = topics(derived, { keyOf: ({ key }) => key, subscribe: (key) => `+${key}`, unsubscribe: (key) => `-${key}` });
    const ended = watch('a');
    const log: unknown[] = [];
    topic('b').subscribe({ next: ({ n }) => log.push(n) });
    last().accept();
    last().close(1012);
    last().accept();
    last().send({ key: 'b', n: 1 });
    expect([ended.log, log]).toEqual([['complete'], [1]]);
    expect(last().received).toEqual(['+b']);
  });
});

describe('a callback that throws', () => {
  it('S16: in the observer or the operators of a consumer ends that consumer alone', () => {
    const unhandled: unknown[] = [];
    rxjsConfig.onUnhandledError = (error) => unhandled.push(error);
    const { last, topic, watch, message } = setUp();
    const errors: unknown[] = [];
    topic('a').subscribe(failing);
    topic('a').pipe(map(failing)).subscribe({ error: (error: unknown) => errors.push(error) });
    const others = [watch('a'), watch('b')];
    last().accept();
    for (const key of ['a', 'b', 'a']) message(key, 1);
    vi.advanceTimersByTime(0);
    expect(others.map(({ log }) => log)).toEqual([[1, 1], [1]]);
    expect([errors, unhandled]).toEqual([[new Error('broken')], [new Error('broken'), new Error('broken')]]);
  });

  it('S16: keyOf is reported on warnings, and its message is dropped', () => {
    const { last, watch, message, warnings } = setUp({ keyOf: ({ key }) => (key === 'bad' ? failing() : key) });
    const a = watch('a');
    last().accept();
    message('bad', 1);
    message('a', 2);
    expect(a.log).toEqual([2]);
    expect(warnings).toEqual([{ kind: 'callback', callback: 'keyOf', error: new Error('broken') }]);
  });

  it.each([
    ['subscribe', { subscribe: (key: string) => (key === 'bad' ? failing() : `+${key}`) }, 'broken'],
    ['a message that cannot be serialised', { serializer: (value: string) => (value === '+bad' ? failing() : JSON.stringify(value)) }, 'SerializeError'],
  ])('S14, S16: %s is the error of the consumers of that key alone', (_what, options, error) => {
    const { last, watch, sent, warnings } = setUp(options);
    const bad = [watch('bad'), watch('bad')];
    const good = watch('a');
    last().accept();
    const late = watch('bad');
    expect([...bad, late, good].map(({ log }) => log)).toEqual([[error], [error], [error], []]);
    expect([sent(), warnings]).toEqual([[['+a']], []]);
    good.leave();
    expect(sent()).toEqual([['+a', '-a']]);
  });

  it('S9: where subscribe has ended the only topic, the connection is closed', () => {
    const { last, watch } = setUp({ subscribe: failing });
    const a = watch('a');
    last().accept();
    expect([a.log, last().closedWith]).toEqual([['broken'], { code: 1000, reason: '' }]);
  });

  it('S16: subscribe is reported on warnings when its consumer has unsubscribed inside it', () => {
    const a: Watcher[] = [];
    const { socket, last, watch, warnings } = setUp({ subscribe: () => (a[0]?.leave(), failing()) });
    recorded(socket.events);
    a.push(watch('a'));
    last().accept();
    expect(a[0]?.log).toEqual([]);
    expect(warnings).toEqual([{ kind: 'callback', callback: 'subscribe', error: new Error('broken') }]);
  });

  it.each([
    ['throws', { unsubscribe: failing }],
    ['returns what cannot be serialised', { unsubscribe: () => 1n as unknown as string }],
  ])('S16: an unsubscribe that %s is reported on warnings; the last unsubscribe still closes', (_what, options) => {
    const { last, watch, sent, warnings } = setUp(options);
    const a = watch('a');
    last().accept();
    a.leave();
    expect([a.log, sent(), last().closedWith]).toEqual([[], [['+a']], { code: 1000, reason: '' }]);
    expect(warnings).toEqual([{ kind: 'callback', callback: 'unsubscribe', error: expect.any(Error) as Error }]);
  });

  it('S16: a finalizer of one consumer: the others end all the same', () => {
    const { last, topic, watch, warnings } = setUp();
    topic('a').subscribe().add(failing);
    const others = [watch('a'), watch('b')];
    last().accept();
    last().close(1000);
    expect(others.map(({ log }) => log)).toEqual([['complete'], ['complete']]);
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
  });

  it('S13: a key whose request comes while the server closes without an event is requested on the next connection', () => {
    const sockets = fakeSockets();
    const { watch } = setUp({ WebSocketCtor: sockets.WebSocketCtor }, reconnectOnCode(after(0)));
    watch('a');
    sockets.last.open();
    sockets.last.readyState = 2;
    const b = watch('b');
    sockets.last.closeClean(1012);
    sockets.last.open();
    expect([sockets.made.map(({ sent }) => sent), b.log]).toEqual([[['"+a"'], ['"+a"', '"+b"']], []]);
  });
});

describe('the arguments of topics()', () => {
  const socket = webSocket<Message, string>('ws://fake');
  const good = { keyOf: ({ key }: Message) => key, subscribe: (key: string) => key, unsubscribe: (key: string) => key };

  it.each([
    ['no subject', () => topics({} as never, good), TypeError, 'topics(socket)'],
    ['no subject at all', () => topics(undefined as never, good), TypeError, 'topics(socket)'],
    ['another Observable', () => topics(socket.asObservable() as never, good), TypeError, 'topics(socket)'],
    ['no options', () => topics(socket, undefined as never), TypeError, 'keyOf'],
    ['no object', () => topics(socket, null as never), TypeError, 'options'],
    ['no keyOf', () => topics(socket, { ...good, keyOf: undefined as never }), TypeError, 'keyOf'],
    ['no subscribe', () => topics(socket, { ...good, subscribe: '+' as never }), TypeError, 'subscribe'],
    ['no unsubscribe', () => topics(socket, { ...good, unsubscribe: null as never }), TypeError, 'unsubscribe'],
    ['a grace that is no number', () => topics(socket, { ...good, grace: '5' as never }), TypeError, 'grace'],
    ['a negative grace', () => topics(socket, { ...good, grace: -1 }), RangeError, 'grace'],
    ['undefined as a key', () => topics(socket, good)(undefined as never), TypeError, 'undefined is no key'],
  ] as [string, () => unknown, typeof Error, string][])('%s throws at once', (_what, call, kind, names) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(names);
  });

  it('S10: do not connect until a topic is subscribed', () => {
    const { server, topic, watch } = setUp();
    topic('a');
    expect(server.connections).toEqual([]);
    watch('a');
    expect(server.connections).toHaveLength(1);
  });
});
