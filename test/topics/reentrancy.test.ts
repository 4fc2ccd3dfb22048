import { of, take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { topics } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';
import { setUp, type Watcher } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('from inside a message', () => {
  it('a new consumer does not receive it, be its key the same or another', () => {
    const { last, watch, message, sent } = setUp();
    const late: Watcher[] = [];
    watch('a', () => late.length === 0 && late.push(watch('a'), watch('b')));
    const second = watch('a');
    last().accept();
    message('a', 1);
    message('a', 2);
    expect([second.log, ...late.map(({ log }) => log)]).toEqual([[1, 2], [2], []]);
    expect(sent()).toEqual([['+a', '+b']]);
  });

  it('a consumer that is unsubscribed receives no more messages, also not this one', () => {
    const { last, watch, message, sent } = setUp();
    const all: Watcher[] = [];
    all.push(watch('a', () => all.forEach(({ leave }) => leave())), watch('a'), watch('b'));
    last().accept();
    message('a', 1);
    expect(all.map(({ log }) => log)).toEqual([[1], [], []]);
    expect([sent(), last().closedWith]).toEqual([[['+a', '+b', '-a', '-b']], { code: 1000, reason: '' }]);
  });

  it('unsubscribing and subscribing again ends the key and requests it again', () => {
    const { last, watch, message, sent } = setUp();
    const first = watch('a', () => {
      first.leave();
      watch('a');
    });
    last().accept();
    message('a', 1);
    message('a', 2);
    expect([first.log, sent()]).toEqual([[1], [['+a', '-a', '+a']]]);
  });

  it('next() is sent after earlier requests', () => {
    const { socket, last, watch, message, sent } = setUp();
    watch('a', (n) => {
      watch('b');
      socket.next(`value ${n}`);
    });
    last().accept();
    message('a', 1);
    expect(sent()).toEqual([['+a', '+b', 'value 1']]);
  });

  it('S18: close() ends the messages of every topic', () => {
    const { socket, last, watch, message } = setUp();
    watch('a', () => socket.close(4000));
    const b = watch('b');
    last().accept();
    message('a', 1);
    message('b', 2);
    last().close(4000);
    expect(b.log).toEqual(['complete']);
  });
});

describe('from inside a callback', () => {
  it('requests are sent one after the other: a consumer that comes back in `unsubscribe` is requested after it', () => {
    const back: Watcher[] = [];
    const { last, watch, sent, message } = setUp({ unsubscribe: (key) => (back.push(watch(key)), `-${key}`) });
    const a = watch('a');
    last().accept();
    a.leave();
    expect(sent()).toEqual([['+a', '-a', '+a']]);
    message('a', 1);
    expect([back[0]?.log, last().closedWith]).toEqual([[1], null]);
  });

  it('a key is requested once when another consumer comes in `subscribe`', () => {
    const inside: Watcher[] = [];
    const { last, watch, sent, message } = setUp({ subscribe: (key) => (inside.push(watch(key)), `+${key}`) });
    watch('a');
    last().accept();
    message('a', 1);
    expect([sent(), inside.map(({ log }) => log)]).toEqual([[['+a']], [[1]]]);
  });

  it('no request is sent when the only consumer unsubscribes in `subscribe`', () => {
    const all: Watcher[] = [];
    const unsubscribe = vi.fn(() => '-');
    const { socket, last, watch, sent } = setUp({ subscribe: (key) => (all[0]?.leave(), `+${key}`), unsubscribe });
    recorded(socket.events);
    all.push(watch('a'), watch('b'));
    last().accept();
    expect([sent(), unsubscribe.mock.calls]).toEqual([[['+b']], []]);
  });

  it('S12: nor does that keep other topics of the subject from being requested', () => {
    const all: Watcher[] = [];
    const { socket, last, watch, sent } = setUp({ subscribe: (key) => (all[0]?.leave(), `+${key}`) });
    const other = topics(socket, { keyOf: () => 'b', subscribe: (key: string) => `+${key}`, unsubscribe: (key) => `-${key}` });
    all.push(watch('a'));
    other('b').subscribe();
    socket.events.subscribe((event) => event.type === 'open' && event.waitUntil(of(1)));
    last().accept();
    expect(sent()).toEqual([['+b']]);
  });

  it('a mock that answers within `send()` reaches a consumer that takes one message', () => {
    const got: number[] = [];
    const sockets = fakeSockets();
    const { socket, topic } = setUp({ WebSocketCtor: sockets.WebSocketCtor });
    recorded(socket.events);
    topic('a').pipe(take(1)).subscribe(({ n }) => got.push(n));
    const { last } = sockets;
    const send = last.send.bind(last);
    last.send = (data) => {
      send(data);
      last.message({ key: 'a', n: got.length });
    };
    last.open();
    expect([got, last.sent]).toEqual([[0], ['"+a"', '"-a"']]);
  });
});
