import { take } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recorded } from '../subject/recorded.js';
import { setUp, type Watcher } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

describe('from inside a message', () => {
  it('who joins is not told of it, be it the same key or a new one', () => {
    const { sockets, watch, message, sent } = setUp();
    const late: Watcher[] = [];
    watch('a', () => late.length === 0 && late.push(watch('a'), watch('b')));
    const second = watch('a');
    sockets.last.open();
    message('a', 1);
    message('a', 2);
    expect([second.log, ...late.map(({ log }) => log)]).toEqual([[1, 2], [2], []]);
    expect(sent()).toEqual([['+a', '+b']]);
  });

  it('who leaves is told nothing more, also before its turn', () => {
    const { sockets, watch, message, sent } = setUp();
    const all: Watcher[] = [];
    all.push(watch('a', () => all.forEach(({ leave }) => leave())), watch('a'), watch('b'));
    sockets.last.open();
    message('a', 1);
    expect(all.map(({ log }) => log)).toEqual([[1], [], []]);
    expect([sent(), sockets.last.closes]).toEqual([[['+a', '+b', '-a', '-b']], [[1000]]]);
  });

  it('who leaves and comes back has the key ended and asked for again', () => {
    const { sockets, watch, message, sent } = setUp();
    const first = watch('a', () => {
      first.leave();
      watch('a');
    });
    sockets.last.open();
    message('a', 1);
    message('a', 2);
    expect([first.log, sent()]).toEqual([[1], [['+a', '-a', '+a']]]);
  });

  it('next() goes out after what was asked before', () => {
    const { socket, sockets, watch, message, sent } = setUp();
    watch('a', (n) => {
      watch('b');
      socket.next(`value ${n}`);
    });
    sockets.last.open();
    message('a', 1);
    expect(sent()).toEqual([['+a', '+b', 'value 1']]);
  });

  it('S18: close() ends the messages of every topic', () => {
    const { socket, sockets, watch, message } = setUp();
    watch('a', () => socket.close(4000));
    const b = watch('b');
    sockets.last.open();
    message('a', 1);
    message('b', 2);
    sockets.last.closeClean(4000);
    expect(b.log).toEqual(['complete']);
  });
});

describe('from inside a callback', () => {
  it('the server is told one thing after the other: who comes back in `unsubscribe` is asked for after it', () => {
    const back: Watcher[] = [];
    const { sockets, watch, sent, message } = setUp({ unsubscribe: (key) => (back.push(watch(key)), `-${key}`) });
    const a = watch('a');
    sockets.last.open();
    a.leave();
    expect(sent()).toEqual([['+a', '-a', '+a']]);
    message('a', 1);
    expect([back[0]?.log, sockets.last.closes]).toEqual([[1], []]);
  });

  it('a key is asked for once when another consumer comes in `subscribe`', () => {
    const inside: Watcher[] = [];
    const { sockets, watch, sent, message } = setUp({ subscribe: (key) => (inside.push(watch(key)), `+${key}`) });
    watch('a');
    sockets.last.open();
    message('a', 1);
    expect([sent(), inside.map(({ log }) => log)]).toEqual([[['+a']], [[1]]]);
  });

  it('a key is not asked for, and not ended, when its only consumer leaves in `subscribe`', () => {
    const all: Watcher[] = [];
    const unsubscribe = vi.fn(() => '-');
    const { socket, sockets, watch, sent } = setUp({ subscribe: (key) => (all[0]?.leave(), `+${key}`), unsubscribe });
    recorded(socket.events);
    all.push(watch('a'), watch('b'));
    sockets.last.open();
    expect([sent(), unsubscribe.mock.calls]).toEqual([[['+b']], []]);
  });

  it('the answer of a mock comes within `send()`, and may be all that the consumer wants', () => {
    const { socket, sockets, topic, message, sent } = setUp();
    recorded(socket.events);
    const got: number[] = [];
    topic('a').pipe(take(1)).subscribe(({ n }) => got.push(n));
    const { last } = sockets;
    const send = last.send.bind(last);
    last.send = (data) => {
      send(data);
      message('a', got.length);
    };
    last.open();
    expect([got, sent()]).toEqual([[0], [['+a', '-a']]]);
  });
});
