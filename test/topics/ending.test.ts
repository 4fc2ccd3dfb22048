import { repeat, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, topics } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';
import { setUp, type Message } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A message whose number is negative ends its key. */
const end = ({ key, n }: Message): string | undefined => (n < 0 ? key : undefined);

describe('a key that the server ends', () => {
  it('completes its consumers, sends nothing, and leaves the others as they are', () => {
    const { last, watch, message, sent } = setUp({ end });
    const [first, second, other] = [watch('a'), watch('a'), watch('b')];
    last().accept();
    for (const n of [1, -1, 2]) message('a', n);
    message('b', 3);
    expect([first.log, second.log, other.log]).toEqual([[1, -1, 'complete'], [1, -1, 'complete'], [3]]);
    expect(sent()).toEqual([['+a', '+b']]);
    other.leave();
    expect([sent(), last().closedWith]).toEqual([[['+a', '+b', '-b']], { code: 1000, reason: '' }]);
  });

  it('is not the key null, where `end` says null of a message that ends none', () => {
    const fakes = setUp();
    const topic = topics<Message, string, null>(fakes.socket, { keyOf: () => null, subscribe: () => '+', unsubscribe: () => '-', end: () => null });
    const log: unknown[] = [];
    topic(null).subscribe({ next: ({ n }) => log.push(n), complete: () => log.push('complete') });
    fakes.last().accept();
    fakes.message('a', 1);
    expect(log).toEqual([1]);
  });

  it('is asked for anew by a later consumer, without the last message of before', () => {
    const { last, watch, message, sent } = setUp({ end });
    watch('b');
    watch('a');
    last().accept();
    message('a', -1);
    const again = watch('a');
    message('a', 5);
    expect([sent(), again.log]).toEqual([[['+b', '+a', '+a']], [5]]);
  });

  it('is asked for anew on the same connection when its last consumer subscribes again in the end', () => {
    const { last, server, topic, message, sent } = setUp({ end });
    const log: unknown[] = [];
    topic('a').pipe(repeat(2), take(3)).subscribe({ next: ({ n }) => log.push(n), complete: () => log.push('complete') });
    last().accept();
    for (const n of [-1, 2, -3]) message('a', n);
    expect([log, sent(), server.connections.length]).toEqual([[-1, 2, -3, 'complete'], [['+a', '+a']], 1]);
  });

  it('sends nothing for a consumer that unsubscribes in the last message, and asks for one that subscribes there', () => {
    const { last, topic, watch, message, sent } = setUp({ end });
    watch('b');
    topic('a').pipe(take(1)).subscribe(() => watch('a'));
    last().accept();
    message('a', -1);
    expect(sent()).toEqual([['+b', '+a', '+a']]);
  });

  it('that is the last one unsubscribes from the subject', () => {
    const { last, watch, message } = setUp({ end });
    const { log } = watch('a');
    last().accept();
    message('a', -1);
    expect([log, last().closedWith]).toEqual([[-1, 'complete'], { code: 1000, reason: '' }]);
  });

  it('is not asked for on the next connection', () => {
    const { last, watch, message, sent } = setUp({ end }, reconnectOnCode(after(0)));
    watch('a');
    watch('b');
    last().accept();
    message('a', -1);
    last().close(1012);
    vi.advanceTimersByTime(0);
    last().accept();
    expect(sent()).toEqual([['+a', '+b'], ['+b']]);
  });

  it('ends its grace, too: the next consumer asks, and nothing is sent when the grace would be over', () => {
    const { socket, last, watch, message, sent } = setUp({ end, grace: 100 });
    const seen = recorded(socket.events);
    watch('a').leave();
    last().accept();
    watch('b').leave();
    message('b', -1);
    vi.advanceTimersByTime(1_000);
    expect(sent()).toEqual([['+b']]);
    watch('b');
    expect(sent()).toEqual([['+b', '+b']]);
    seen.unsubscribe();
  });

  it('may end within the call that asks for it', () => {
    const sockets = fakeSockets();
    const { watch } = setUp({ end, WebSocketCtor: sockets.WebSocketCtor });
    const other = watch('b');
    sockets.last.open();
    const { last } = sockets;
    const { send } = last;
    last.send = (data: string) => {
      send.call(last, data);
      last.message({ key: 'a', n: -1 });
    };
    const { log } = watch('a');
    expect([log, last.sent, other.log]).toEqual([[-1, 'complete'], ['"+b"', '"+a"'], []]);
  });
});

it('a message that `keyOf` returns no key for ends its key without reaching the consumers', () => {
  const { last, watch, message } = setUp({ end, keyOf: ({ key, n }) => (n < 0 ? undefined : key) });
  const { log } = watch('a');
  last().accept();
  message('a', 1);
  message('a', -1);
  expect(log).toEqual([1, 'complete']);
});

it.each([null, undefined, 'unknown'])('%s ends nothing', (key) => {
  const { last, watch, message } = setUp({ end: () => key });
  const { log } = watch('a');
  last().accept();
  message('a', 1);
  expect([log, last().closedWith]).toEqual([[1], null]);
});

it('S16: what `end` throws is reported on `warnings`, and ends nothing', () => {
  const error = new Error('broken');
  const { last, watch, message, warnings } = setUp({
    end: () => {
      throw error;
    },
  });
  const { log } = watch('a');
  last().accept();
  message('a', 1);
  expect([log, warnings]).toEqual([[1], [{ kind: 'callback', callback: 'end', error }]]);
});

it('S16: a teardown that throws keeps no other consumer from its end', () => {
  const { last, topic, watch, message, warnings } = setUp({ end });
  topic('a').subscribe().add(() => {
    throw new Error('broken');
  });
  const { log } = watch('a');
  last().accept();
  message('a', -1);
  expect(log).toEqual([-1, 'complete']);
  expect(warnings).toMatchObject([{ kind: 'callback', callback: 'finalizer' }]);
});

it('an `end` that is no function is refused at once', () => {
  const { socket } = setUp();
  const options = { keyOf: () => 'a', subscribe: () => 'a', unsubscribe: () => 'a' };
  expect(() => topics(socket, { ...options, end: 'a' as never })).toThrow(new TypeError('topics: end must be a function, not "a"'));
});
