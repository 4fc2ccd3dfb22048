import { Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, drained, OutboxOverflowError, reconnectOnCode, WebSocketTimeoutError, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { bufferingSockets, type BufferingSocket } from './bufferingSockets.js';
import { recorded } from './recorded.js';
import { lastClose, setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

/** Longer than the longest pause between two checks of the buffer. */
const aCheck = 101;
/** Values of ten bytes each. */
const value = (n: number): number => 1_000_000_000 + n;
const sentBy = ({ sent }: BufferingSocket): number[] => sent.map((text) => Number(text) - 1_000_000_000);

/** An open connection whose transport is full above 30 bytes and has room again from 10 on; so many bytes are in its buffer when it opens. */
function open(config: Partial<WebSocketSubjectConfig<number>> = {}, buffered = 0) {
  const sockets = bufferingSockets();
  const { socket, warnings, statuses } = setUp({
    WebSocketCtor: sockets.WebSocketCtor, closeTimeout: 1_000, ...config, outbox: { highWaterMark: 30, lowWaterMark: 10, ...config.outbox },
  });
  const derived = socket.pipeEvents(reconnectOnCode(after(50)));
  const seen = recorded(derived.events);
  if (buffered > 0) sockets.last.send('x'.repeat(buffered));
  sockets.last.open();
  const give = (...values: number[]): void => values.forEach((n) => socket.next(value(n)));
  const end = (): void => {
    socket.close();
    sockets.last.closeClean(1000);
  };
  return { socket, sockets, warnings, statuses, seen, give, end, queued: () => statuses.at(-1)?.queued };
}

describe('a transport that cannot keep up', () => {
  it('S15: receives no more values once its buffer is above the high mark; the rest waits, and is counted', () => {
    const { sockets, give, end, queued } = open();
    give(1, 2, 3, 4, 5, 6, 7);
    // Three are 30 bytes, which is not above the mark.
    expect([sentBy(sockets.last), queued()]).toEqual([[1, 2, 3, 4], 3]);
    end();
  });

  it('S15: those that it has taken from the outbox count no longer', () => {
    const { sockets, give, end, queued } = open();
    give(...Array(11).keys());
    sockets.last.sendAllBut(10);
    vi.advanceTimersByTime(aCheck);
    expect([sentBy(sockets.last).length, queued()]).toEqual([7, 4]);
    end();
  });

  it('S15: receives nothing before its buffer has fallen, where that is full at its open', () => {
    const { sockets, give, end } = open({}, 31);
    give(1);
    expect(sentBy(sockets.last)).toEqual([]);
    sockets.last.sendAllBut(10);
    vi.advanceTimersByTime(aCheck);
    expect(sentBy(sockets.last)).toEqual([1]);
    end();
  });

  it('S15: receives a value at once, where its buffer is between the marks at its open', () => {
    const { sockets, give, end } = open({}, 20);
    give(1);
    expect(sentBy(sockets.last)).toEqual([1]);
    end();
  });

  it('S12: receives the rest in order once its buffer has fallen to the low mark, and not before; later values come after it', () => {
    const { sockets, give, end, queued } = open();
    give(1, 2, 3, 4, 5, 6, 7);
    sockets.last.sendAllBut(11);
    vi.advanceTimersByTime(aCheck);
    give(8);
    expect([sentBy(sockets.last), queued()]).toEqual([[1, 2, 3, 4], 4]);
    sockets.last.sendAllBut(10);
    vi.advanceTimersByTime(aCheck);
    expect([sentBy(sockets.last), queued()]).toEqual([[1, 2, 3, 4, 5, 6, 7], 1]);
    sockets.last.sendAllBut(0);
    vi.advanceTimersByTime(aCheck);
    expect([sentBy(sockets.last), queued()]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8], 0]);
    end();
  });

  it('S12: is checked by next(), too, without waiting for a timer', () => {
    const { sockets, give, end } = open();
    give(1, 2, 3, 4, 5);
    sockets.last.sendAllBut(0);
    give(6);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 5, 6]);
    end();
  });

  it('is checked at growing intervals while it stays full, and no timer runs while it is not full', () => {
    const { sockets, give, end } = open();
    give(1, 2, 3);
    expect(vi.getTimerCount()).toBe(0);
    give(4, 5);
    expect(vi.getTimerCount()).toBe(1);
    const [first = 0, later] = [1_000, 10_000].map((ms) => {
      const before = sockets.last.looks;
      vi.advanceTimersByTime(ms);
      return sockets.last.looks - before;
    });
    // The first after 4 ms, at last one in 100 ms.
    expect(first).toBeGreaterThan(15);
    expect(first).toBeLessThan(25);
    expect(later).toBe(100);
    sockets.last.sendAllBut(0);
    vi.advanceTimersByTime(aCheck);
    expect(vi.getTimerCount()).toBe(0);
    end();
  });

  it('its buffer is not read for each value, and yet never exceeds the high mark by more than one value', () => {
    const { sockets, give, end } = open({ outbox: { highWaterMark: 100_000, lowWaterMark: 50_000, maxValues: Infinity } });
    for (let n = 0; n < 10_100; n++) give(n);
    expect(sockets.last.sent).toHaveLength(10_001);
    // 200 are those of the values that had to wait, twice each.
    expect(sockets.last.looks).toBeLessThan(300);
    end();
  });

  it('S15: counts the bytes of text, not its characters', () => {
    const { socket, sockets, end } = open({ serializer: () => '€'.repeat(10), outbox: { highWaterMark: 1_000, maxValues: Infinity } });
    for (let n = 0; n < 100; n++) socket.next(n);
    // 34 are 1,020 bytes.
    expect(sockets.last.sent).toHaveLength(34);
    end();
  });

  it('S15: by default that is above 1 MiB, until it has fallen to a quarter of it', () => {
    const { socket, sockets, end } = open({ serializer: (kib) => 'x'.repeat(kib * 1_024), outbox: { highWaterMark: undefined, lowWaterMark: undefined } });
    socket.next(1_024);
    socket.next(1);
    socket.next(2);
    expect(sockets.last.sent).toHaveLength(2);
    sockets.last.sendAllBut(256 * 1_024 + 1);
    vi.advanceTimersByTime(aCheck);
    expect(sockets.last.sent).toHaveLength(2);
    sockets.last.sendAllBut(256 * 1_024);
    vi.advanceTimersByTime(aCheck);
    expect(sockets.last.sent).toHaveLength(3);
    end();
  });

  it('the low mark is a quarter of the high one where only that is given', () => {
    const { sockets, give, end } = open({ outbox: { highWaterMark: 40, lowWaterMark: undefined } });
    give(1, 2, 3, 4, 5, 6);
    sockets.last.sendAllBut(11);
    vi.advanceTimersByTime(aCheck);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 5]);
    sockets.last.sendAllBut(10);
    vi.advanceTimersByTime(aCheck);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 5, 6]);
    end();
  });

  it('with a high mark of 0 receives one value at a time', () => {
    const { sockets, give, end } = open({ outbox: { highWaterMark: 0, lowWaterMark: 0 } });
    give(1, 2, 3);
    for (const sent of [[1], [1, 2], [1, 2, 3]]) {
      expect(sentBy(sockets.last)).toEqual(sent);
      sockets.last.sendAllBut(0);
      vi.advanceTimersByTime(aCheck);
    }
    end();
  });

  it('S12: send() of the open event does not wait for it, and counts', () => {
    const { socket, sockets, seen, give, end } = open();
    const [, event] = seen.events;
    if (event?.type !== 'open') throw new Error('not open');
    give(1, 2);
    event.send(value(3) as never);
    event.send(value(4) as never);
    give(5);
    event.send(value(6) as never);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 6]);
    expect(socket).toBeDefined();
    end();
  });

  it('S12: work that begins meanwhile holds the rest back, however much room there is', () => {
    const { sockets, seen, give, end } = open();
    const work = new Subject<void>();
    give(1, 2, 3, 4, 5, 6);
    const [, event] = seen.events;
    if (event?.type === 'open') event.waitUntil(work);
    sockets.last.sendAllBut(0);
    vi.advanceTimersByTime(aCheck);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4]);
    work.complete();
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 5, 6]);
    end();
  });
});

/** Whether `drained` resolves at once. */
async function isDrained(socket: WebSocketSubject<number>): Promise<boolean> {
  let is = false;
  void drained(socket).then(() => (is = true));
  await vi.advanceTimersByTimeAsync(0);
  return is;
}

it.each([undefined, NaN, -5, '5000', null])('a transport whose bufferedAmount is %s never waits, and is drained', async (bufferedAmount) => {
  const { socket, sockets } = setUpFake({ outbox: { highWaterMark: 0 } });
  socket.subscribe();
  Object.assign(sockets.last, { bufferedAmount });
  sockets.last.open();
  for (const n of [1, 2, 3]) socket.next(n);
  expect(sockets.last.sent).toEqual(['1', '2', '3']);
  expect(await isDrained(socket)).toBe(true);
  socket.close();
  sockets.last.closeClean(1000);
});

it('S16: a transport whose bufferedAmount throws never waits, and is drained', async () => {
  const { socket, sockets } = setUpFake({ outbox: { highWaterMark: 0 } });
  socket.subscribe();
  Object.defineProperty(sockets.last, 'bufferedAmount', {
    get: () => {
      throw new Error('not here');
    },
  });
  sockets.last.open();
  for (const n of [1, 2, 3]) socket.next(n);
  expect(sockets.last.sent).toEqual(['1', '2', '3']);
  expect(await isDrained(socket)).toBe(true);
  socket.close();
  sockets.last.closeClean(1000);
});

it('with marks of Infinity a transport receives all values', () => {
  const { sockets, give, end } = open({ outbox: { highWaterMark: Infinity, lowWaterMark: undefined } });
  for (let n = 0; n < 5_000; n++) give(n);
  expect([sockets.last.sent.length, sockets.last.looks]).toEqual([5_000, 1]);
  end();
});

describe('the limits of the outbox', () => {
  it('S15: hold for what waits on an open connection, too', () => {
    const { socket, sockets, give, end } = open({ outbox: { maxValues: 2, overflow: 'throw' } });
    give(1, 2, 3, 4, 5, 6);
    expect(() => socket.next(value(7))).toThrow(new OutboxOverflowError(value(7), 2));
    sockets.last.sendAllBut(0);
    give(8);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 5, 6, 8]);
    end();
  });

  it('S13: what an overflow policy drops there is reported on warnings', () => {
    const { sockets, warnings, give, end } = open({ outbox: { maxValues: 2, overflow: 'drop-oldest' } });
    give(1, 2, 3, 4, 5, 6, 7);
    sockets.last.sendAllBut(0);
    vi.advanceTimersByTime(aCheck);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4, 6, 7]);
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [value(5)] }]);
    end();
  });
});

describe('an end while values wait for the transport', () => {
  it('S13: complete() sends them as the transport takes them, then Close', () => {
    const { socket, sockets, seen, give } = open();
    give(1, 2, 3, 4, 5, 6, 7, 8, 9);
    socket.complete();
    for (let round = 0; round < 2; round++) {
      expect(sockets.last.closes).toEqual([]);
      sockets.last.sendAllBut(0);
      vi.advanceTimersByTime(aCheck);
    }
    expect([sentBy(sockets.last), sockets.last.closes]).toEqual([[1, 2, 3, 4, 5, 6, 7, 8, 9], [[1000]]]);
    sockets.last.closeClean(1000);
    expect(lastClose(seen).unsent).toEqual([]);
  });

  it('S15: complete() sends them within closeTimeout; the rest is unsent', () => {
    const { socket, sockets, seen, give } = open();
    give(1, 2, 3, 4, 5, 6);
    socket.complete();
    vi.advanceTimersByTime(999);
    expect(sockets.last.closes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(sockets.last.closes).toEqual([[1000]]);
    expect(lastClose(seen)).toMatchObject({ code: 1006, unsent: [value(5), value(6)], cause: new WebSocketTimeoutError('close', 1_000) });
  });

  it('S13: close() leaves them unsent, and sends none of them while the server answers', () => {
    const { socket, sockets, seen, give } = open();
    give(1, 2, 3, 4, 5, 6);
    socket.close(4000);
    sockets.last.sendAllBut(0);
    vi.advanceTimersByTime(aCheck);
    sockets.last.closeClean(4000);
    expect(lastClose(seen).unsent).toEqual([value(5), value(6)]);
    expect(sentBy(sockets.last)).toEqual([1, 2, 3, 4]);
  });

  it.each(['dropped', 'aborted'])('S13: a connection that is %s keeps them for the next one', (how) => {
    const { sockets, seen, give, end } = open();
    give(1, 2, 3, 4, 5, 6);
    const [, event] = seen.events;
    if (how === 'dropped') sockets.last.drop();
    else if (event?.type === 'open') event.abort();
    vi.advanceTimersByTime(50);
    give(7);
    sockets.last.open();
    expect(sockets.made.map(sentBy)).toEqual([[1, 2, 3, 4], [5, 6, 7]]);
    end();
  });

  it('S9: the last unsubscribe leaves no timer behind', () => {
    const { sockets, seen, warnings, give } = open();
    give(1, 2, 3, 4, 5);
    seen.unsubscribe();
    sockets.last.drop();
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [value(5)] }]);
  });
});
