import { concat, EMPTY, map, NEVER, of, range, Subject, Subscription, take, throwError } from 'rxjs';
import { TestScheduler, type RunHelpers } from 'rxjs/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { latestBy } from '../../src/index.js';
import { setUp } from '../subject/setUp.js';
import { collected } from './collected.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** `a2` has the key `a`. */
const keyOf = (message: string): unknown => message[0];
const messages = { a: 'a1', b: 'b1', c: 'a2', d: 'b2', e: 'a3' };
const emissions = { x: ['a2', 'b1'], y: ['b2', 'a3'], z: ['a1'] };
const every10 = latestBy(keyOf, { every: 10 });
const everyFrame = latestBy(keyOf, { frame: true });

const marbles = (test: (helpers: RunHelpers) => void): void => {
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);
};

/** The test scheduler replaces them, which Node does not have. */
const pretendFrames = (): void => {
  for (const name of ['requestAnimationFrame', 'cancelAnimationFrame']) vi.stubGlobal(name, () => 0);
};

describe('{ every: ms }', () => {
  it('emits the latest of each key, in the order in which the keys came, a period after the first value', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('          abc---------------de----------|', messages);
      const subscriptions = '       ^-----------------------------!';
      const expected = '            ----------x-----------------y-|';
      expectObservable(source.pipe(every10)).toBe(expected, emissions);
      expectSubscriptions(source.subscriptions).toBe(subscriptions);
    });
  });

  it('emits at most once a period while values never pause', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('         a---a---a---a---a---a---|', messages);
      const expected = '            ----------z-----------z-|';
      expectObservable(source.pipe(every10)).toBe(expected, emissions);
    });
  });

  it('emits what is pending before the completion', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('         abc---|', messages);
      const expected = '            ------(x|)';
      expectObservable(source.pipe(every10)).toBe(expected, emissions);
    });
  });

  it('emits what is pending before the error', () => {
    marbles(({ cold, expectObservable }) => {
      const source = cold('         abc---#', messages);
      const expected = '            ------(x#)';
      expectObservable(source.pipe(every10)).toBe(expected, emissions);
    });
  });

  it('drops what is pending when it is unsubscribed', () => {
    marbles(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot('          abc-------', messages);
      const unsubscribe = '         ------!';
      const expected = '            -------';
      expectObservable(source.pipe(every10), unsubscribe).toBe(expected);
      expectSubscriptions(source.subscriptions).toBe('^-----!');
    });
  });

  it('S9: drops what is pending when its source is unsubscribed by `unsubscribe()` of the subject, without a terminal', () => {
    const { socket, last } = setUp();
    const seen = collected(socket.pipe(latestBy((message) => message, { every: 10 })));
    last().accept();
    last().send(7);
    socket.unsubscribe();
    last().close(1000);
    vi.advanceTimersByTime(1_000);
    expect(seen).toEqual([]);
  });

  it('keeps nothing from one period to the next', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('          abc-----------d-----------|', messages);
      const expected = '            ----------x-------------y-|';
      expectObservable(source.pipe(every10)).toBe(expected, { ...emissions, y: ['b2'] });
    });
  });

  it('ends as its source does when nothing is pending', () => {
    expect(collected(EMPTY.pipe(every10))).toEqual(['complete']);
    expect(collected(throwError(() => 'lost').pipe(every10))).toEqual(['lost']);
  });

  it('gives each subscriber periods of its own', () => {
    marbles(({ hot, expectObservable }) => {
      const batches = hot('         ab---c------------', messages).pipe(every10);
      expectObservable(batches).toBe('                        ----------x-------', emissions);
      expectObservable(batches, '---^--------------').toBe('  ---------------x--', { x: ['a2'] });
    });
  });
});

describe('{ frame: true }', () => {
  it('emits with the next frame after the first value', () => {
    pretendFrames();
    marbles(({ hot, animate, expectObservable }) => {
      animate('                     ---f---f---f---f---f');
      const source = hot('          abc------de--------|', messages);
      const expected = '            ---x-------y-------|';
      expectObservable(source.pipe(everyFrame)).toBe(expected, { ...emissions, x: ['a2', 'b1'] });
    });
  });

  it('emits what is pending before the end, and requests no further frame', () => {
    pretendFrames();
    marbles(({ hot, animate, expectObservable }) => {
      animate('                     ---------f');
      expectObservable(hot('        abc-|', messages).pipe(everyFrame)).toBe('----(x|)', emissions);
      expectObservable(hot('        abc-#', messages).pipe(everyFrame)).toBe('----(x#)', emissions);
    });
  });

  it('requests a frame only while something is pending, and cancels the request', () => {
    const frames = new Map<number, () => void>();
    const request = vi.fn((callback: () => void) => {
      frames.set(request.mock.calls.length, callback);
      return request.mock.calls.length;
    });
    vi.stubGlobal('requestAnimationFrame', request);
    vi.stubGlobal('cancelAnimationFrame', (id: number) => frames.delete(id));
    const source = new Subject<string>();
    const log: unknown[] = [];
    const subscription = source.pipe(everyFrame).subscribe((latest) => log.push(latest));
    expect(frames.size).toBe(0);
    source.next('a1');
    source.next('a2');
    expect(frames.size).toBe(1);
    frames.get(1)?.();
    expect([log, request.mock.calls.length]).toEqual([[['a2']], 1]);
    frames.clear();
    source.next('a3');
    subscription.unsubscribe();
    expect([log, request.mock.calls.length, frames.size]).toEqual([[['a2']], 2, 0]);
  });

  it('takes 16 ms for a frame where there are none', () => {
    vi.stubGlobal('requestAnimationFrame', undefined);
    marbles(({ hot, expectObservable }) => {
      const source = hot('          abc 100ms |', messages);
      expectObservable(source.pipe(everyFrame)).toBe('16ms x 86ms |', emissions);
    });
  });

  it('works with a mock that calls back at once', () => {
    vi.stubGlobal('requestAnimationFrame', (callback: (time: number) => void) => {
      callback(0);
      return 1;
    });
    vi.stubGlobal('cancelAnimationFrame', () => undefined);
    expect(collected(concat(of('a1', 'b1'), NEVER).pipe(everyFrame))).toEqual([['a1'], ['b1']]);
  });
});

describe('all: true', () => {
  const all = latestBy(keyOf, { every: 10, all: true });

  it('emits the latest message of every key, in the order in which the keys first came', () => {
    marbles(({ hot, expectObservable }) => {
      const source = hot('          abc---------------de----------|', messages);
      const expected = '            ----------x-----------------z-|';
      expectObservable(source.pipe(all)).toBe(expected, { ...emissions, z: ['a3', 'b2'] });
    });
  });

  it('emits nothing while nothing changes, and at the end only what is pending', () => {
    marbles(({ hot, expectObservable }) => {
      expectObservable(hot('        a-----------------|', messages).pipe(all)).toBe('----------z-------|', emissions);
      expectObservable(hot('        a-----------b-----|', messages).pipe(all)).toBe('----------z-------(y|)', { ...emissions, y: ['a1', 'b1'] });
      expectObservable(hot('        a-----------b-----#', messages).pipe(all)).toBe('----------z-------(y#)', { ...emissions, y: ['a1', 'b1'] });
    });
  });

  it('works with frames, and emits arrays of their own', () => {
    pretendFrames();
    marbles(({ hot, animate, expectObservable }) => {
      animate('                     ---f---f---f---f---f');
      const source = hot('          a--------b--------|', messages);
      const seen = source.pipe(latestBy(keyOf, { frame: true, all: true }), map((latest) => latest.splice(0)));
      expectObservable(seen).toBe(' ---x-------y------|', { x: ['a1'], y: ['a1', 'b1'] });
    });
  });

  it('gives each subscriber a picture of its own', () => {
    marbles(({ hot, expectObservable }) => {
      const batches = hot('         a-----------b---------', messages).pipe(all);
      expectObservable(batches, '-----^----------------').toBe('----------------------y', { y: ['b1'] });
    });
  });
});

describe('from inside an emission', () => {
  it('a value that is caused by it begins the next period', () => {
    const source = new Subject<string>();
    const log: unknown[] = [];
    const subscription = source.pipe(every10).subscribe((latest) => {
      log.push(latest);
      if (log.length === 1) source.next('b1');
    });
    source.next('a1');
    vi.advanceTimersByTime(10);
    expect(log).toEqual([['a1']]);
    vi.advanceTimersByTime(10);
    expect(log).toEqual([['a1'], ['b1']]);
    subscription.unsubscribe();
  });

  it('a subscriber that unsubscribes receives nothing more, not even the end, and a synchronous source stops', () => {
    const log: unknown[] = [];
    of('a1', 'b1').pipe(every10, take(1)).subscribe((latest) => log.push(latest));
    expect(log).toEqual([['a1', 'b1']]);
    const keys = vi.fn((value: number) => {
      if (value === 2) throw new Error('broken');
      return value;
    });
    expect(collected(range(0, Infinity).pipe(latestBy(keys, { every: 10 })))).toEqual([[0, 1], new Error('broken')]);
    expect(keys).toHaveBeenCalledTimes(3);
  });

  it('a subscriber that unsubscribes in `keyOf` starts no period', () => {
    const source = new Subject<string>();
    const subscription = new Subscription();
    subscription.add(source.pipe(latestBy(() => subscription.unsubscribe(), { every: 10 })).subscribe());
    source.next('a1');
    expect([source.observed, vi.getTimerCount()]).toEqual([false, 0]);
  });
});

describe('keys', () => {
  it('are distinguished as a Map does', () => {
    const same = {};
    const keys = [NaN, NaN, 0, -0, '0', same, {}, same, null, undefined, undefined];
    const latest = collected(range(0, keys.length).pipe(latestBy((index) => keys[index], { every: 10 })));
    expect(latest).toEqual([[1, 3, 4, 7, 6, 8, 10], 'complete']);
  });
});

describe('the arguments', () => {
  it.each([
    ['no function', () => latestBy('symbol' as never, { every: 10 }), TypeError, 'keyOf'],
    ['no period', () => latestBy(keyOf, undefined as never), TypeError, 'period'],
    ['a bare number', () => latestBy(keyOf, 10 as never), TypeError, 'period'],
    ['an empty period', () => latestBy(keyOf, {} as never), TypeError, 'period'],
    ['both periods', () => latestBy(keyOf, { every: 10, frame: true }), TypeError, 'period'],
    ['frame: false', () => latestBy(keyOf, { frame: false as never }), TypeError, 'period'],
    ['a time that is no number', () => latestBy(keyOf, { every: '10' as never }), TypeError, 'every'],
    ['a negative time', () => latestBy(keyOf, { every: -1 }), RangeError, 'every'],
    ['a time that no timer can wait', () => latestBy(keyOf, { every: Infinity }), RangeError, 'every'],
  ] as [string, () => unknown, typeof Error, string][])('%s is refused at once', (_what, call, kind, names) => {
    expect(call).toThrow(kind);
    expect(call).toThrow(names);
  });
});
