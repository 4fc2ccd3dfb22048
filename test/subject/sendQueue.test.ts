import fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { after, drained, OutboxOverflowError, reconnectOnCode, UnsentError, type SocketEvent } from '../../src/index.js';
import { bufferingSockets } from './bufferingSockets.js';
import { setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const steps = ['subscribe', 'next', 'send', 'burst', 'drained', 'open', 'room', 'some room', 'drop', 'closeClean', 'pass', 'complete', 'close', 'leave'] as const;
type Step = (typeof steps)[number];
const often: readonly Step[] = ['next', 'send', 'burst', 'open', 'room', 'some room', 'pass', 'subscribe'];
const step = fc.oneof({ weight: 1, arbitrary: fc.constantFrom(...steps) }, { weight: 2, arbitrary: fc.constantFrom(...often) });

type Fate = 'sent' | 'unsent' | 'overflow' | 'waits';

/** Sends values through transports that fill up, drop and come back. */
async function run(program: readonly Step[], overflow: 'throw' | 'drop-oldest' | 'drop-newest', highWaterMark: number): Promise<void> {
  const sockets = bufferingSockets();
  const { socket, warnings, statuses } = setUp({
    WebSocketCtor: sockets.WebSocketCtor, outbox: { highWaterMark, maxValues: 8, overflow }, serializer: String, closeTimeout: 1_000,
  });
  const derived = socket.pipeEvents(reconnectOnCode(after(100)));
  const subscriptions: { unsubscribe(): void }[] = [];
  const reported = new Set<unknown>();
  const fates = new Map<number, Fate>();
  const drains: string[] = [];
  let given = 1_000;
  let refused = 0;

  const next = (): void => {
    const value = given++;
    try {
      socket.next(value);
    } catch (error) {
      expect(error).toBeInstanceOf(OutboxOverflowError);
      refused++;
    }
  };
  const fateOf = (error: unknown): Fate => (error instanceof UnsentError ? 'unsent' : error instanceof OutboxOverflowError ? 'overflow' : 'waits');
  const act: Record<Step, () => void> = {
    subscribe: () => {
      const heard = (event: SocketEvent<number>): void => {
        if (event.type === 'close') for (const value of event.unsent) reported.add(value);
      };
      subscriptions.push(derived.events.subscribe({ next: heard, error: () => undefined }));
    },
    next,
    burst: () => [1, 2, 3, 4].forEach(next),
    send: () => {
      const value = given++;
      fates.set(value, 'waits');
      socket.send(value).then(() => fates.set(value, 'sent'), (error: unknown) => fates.set(value, fateOf(error)));
    },
    drained: () => {
      const at = drains.push('waits') - 1;
      drained(socket).then(() => (drains[at] = 'drained'), (error: unknown) => (drains[at] = fateOf(error)));
    },
    open: () => sockets.last.readyState === 0 && sockets.last.open(),
    room: () => sockets.last.sendAllBut(0),
    'some room': () => sockets.last.sendAllBut(5),
    drop: () => sockets.last.readyState < 3 && sockets.last.drop(),
    closeClean: () => sockets.last.readyState < 3 && sockets.last.closeClean(1012),
    pass: () => vi.advanceTimersByTime(150),
    complete: () => socket.complete(),
    close: () => socket.close(),
    leave: () => subscriptions.pop()?.unsubscribe(),
  };

  let fullest = 0;
  act.subscribe();
  for (const one of program) {
    act[one]();
    for (const made of sockets.made) fullest = Math.max(fullest, made.bufferedAmount);
  }
  expect(fullest, 'S15: at most one value above the mark').toBeLessThanOrEqual(highWaterMark + 4);

  // Then your code ends everything: what waits is taken away by the last close.
  for (let round = 0; round < 12; round++) {
    act.subscribe();
    socket.close();
    for (const made of sockets.made) if (made.readyState < 3) made.drop();
    vi.advanceTimersByTime(200);
  }
  for (const subscription of subscriptions) subscription.unsubscribe();
  for (const made of sockets.made) if (made.readyState < 3) made.drop();
  vi.advanceTimersByTime(20_000);
  await vi.advanceTimersByTimeAsync(0);

  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  const sent = sockets.made.flatMap((made) => made.sent.map(Number));
  expect([...sent].sort((a, b) => a - b), 'S12: the order of sending').toEqual(sent);
  expect(new Set(sent).size, 'nothing is sent twice').toBe(sent.length);
  let overflowed = 0;
  for (const warning of warnings) {
    if (warning.kind !== 'dropped') continue;
    if (warning.why.startsWith('outbox full')) overflowed += warning.count;
    else for (const value of warning.values) reported.add(value);
  }
  expect(sent.filter((value) => reported.has(value)), 'sent, and called unsent').toEqual([]);
  expect(statuses.at(-1)?.queued).toBe(0);

  for (const [value, fate] of fates) {
    expect(fate, 'S13: every promise is settled').not.toBe('waits');
    expect(sent.includes(value), `S13: ${value} was ${fate}`).toBe(fate === 'sent');
  }
  // Only the promise of `send()` tells of a value that was unsent where no subscriber received the close, or refused where `next()` throws.
  const toldByPromise = [...fates].filter(([value, fate]) => !reported.has(value) && (fate === 'unsent' || (fate === 'overflow' && overflow === 'throw')));
  expect(sent.length + reported.size + refused + overflowed + toldByPromise.length, 'S13: nothing is lost in silence').toBe(given - 1_000);
  expect(drains).not.toContain('waits');
}

it('S12, S13, S15: whatever a slow transport does, the order is kept, nothing is lost in silence, and every promise settles', async () => {
  const seen = { overflow: fc.constantFrom('throw' as const, 'drop-oldest' as const, 'drop-newest' as const), mark: fc.constantFrom(0, 4, 10, 40) };
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), seen.overflow, seen.mark, (program, overflow, mark) => run(program, overflow, mark)),
    { numRuns: 500 },
  );
}, 30_000);
