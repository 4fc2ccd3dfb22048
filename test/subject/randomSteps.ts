import fc from 'fast-check';
import { BehaviorSubject, EMPTY, throwError, timer, type Subscription } from 'rxjs';
import { expect, vi } from 'vitest';
import { after, closeGracefully, onOpen, reconnectOnCode, suspendWhile, webSocket } from '../../src/index.js';
import type { CloseEvent, SocketEvent, SocketStatus } from '../../src/index.js';
import { fakeSockets, type FakeSocket } from './FakeSocket.js';

/** Something that your code, the server or the clock does. */
export type Step =
  | { do: 'subscribe'; to: 'base' | 'derived' }
  | { do: 'unsubscribe'; which: number }
  | { do: 'next' | 'complete' | 'close' | 'error' | 'graceful' | 'unsubscribeAll' | 'suspend' | 'reconnect' }
  | { do: 'open' | 'message' | 'closeClean' | 'drop' | 'fail'; which: number }
  | { do: 'pass'; ms: number };

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('subscribe' as const), to: fc.constantFrom('base' as const, 'derived' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), which: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('next' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('complete' as const, 'close' as const, 'error' as const, 'graceful' as const, 'unsubscribeAll' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('suspend' as const, 'reconnect' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), which: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('message' as const, 'closeClean' as const, 'drop' as const, 'fail' as const), which: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 50, 100, 5_000, 20_000) }) },
);

/** What one subscriber has received. */
class Received {
  readonly log: string[] = [];
  ended = 0;
  subscription: Subscription | undefined;
  lastClose: CloseEvent | undefined;
  unsent: unknown[] = [];
}

/** The work that the outbox of each connection waits for, when the derived subject is subscribed. */
const works = { none: () => EMPTY, short: () => timer(50), long: () => timer(60_000), broken: () => throwError(() => new Error('refused')) };

/** What the callbacks do. */
export interface Behaviour {
  closeInside: boolean;
  work: keyof typeof works;
}

export const behaviour: fc.Arbitrary<Behaviour> = fc.record({ closeInside: fc.boolean(), work: fc.constantFrom('none', 'short', 'long', 'broken') });

/**
 * Runs steps on a base subject and a derived one that reconnects, can be suspended and closed gracefully. Checks what must hold in any order, and
 * returns every status.
 */
export function runSteps(steps: readonly Step[], { closeInside, work }: Behaviour): SocketStatus[] {
  // Timers of a failed run must not make the shorter runs fail that fast-check tries next.
  vi.clearAllTimers();
  const sockets = fakeSockets();
  const stopping = new AbortController();
  const isAway = new BehaviorSubject(false);
  const base = webSocket<number, number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, stableAfter: 1_000 });
  const derived = base.pipeEvents(
    onOpen(works[work]), reconnectOnCode(after(100)), suspendWhile(isAway), closeGracefully(stopping.signal, { code: 4000 }),
  );
  const subscribers: Received[] = [];
  const dropped: unknown[] = [];
  const statuses: SocketStatus[] = [];
  let accepted = 0;
  base.warnings.subscribe((warning) => {
    if (warning.kind === 'dropped') dropped.push(...warning.values);
    else throw warning.kind === 'callback' ? warning.error : warning;
  });
  base.status.subscribe((status) => statuses.push(status));

  const openOrder: FakeSocket[] = [];
  const live = (): FakeSocket[] => sockets.made.filter(({ readyState }) => readyState < 3);
  const atMostOne = (): void => expect(sockets.made.filter(({ isAlive }) => isAlive).length, 'S7: one at a time').toBeLessThanOrEqual(1);

  const subscribe = (to: 'base' | 'derived'): void => {
    const received = new Received();
    subscribers.push(received);
    const take = (event: SocketEvent<number, number>): void => {
      expect(received.ended, 'nothing comes after the terminal').toBe(0);
      received.log.push(event.type);
      if (event.type !== 'close') return;
      received.lastClose = event;
      received.unsent.push(...event.unsent);
      if (closeInside) base.close();
    };
    received.subscription = (to === 'base' ? base : derived).events.subscribe({
      next: take,
      complete: () => {
        received.ended++;
        received.log.push('|');
      },
      error: () => {
        received.ended++;
        received.log.push('#');
      },
    });
  };

  const act: { [Name in Step['do']]: (step: Extract<Step, { do: Name }>) => void } = {
    subscribe: ({ to }) => subscribe(to),
    unsubscribe: ({ which }) => subscribers[which]?.subscription?.unsubscribe(),
    next: () => base.next(accepted++),
    complete: () => base.complete(),
    close: () => base.close(4001),
    error: () => base.error(new Error('given')),
    graceful: () => stopping.abort(),
    unsubscribeAll: () => base.unsubscribe(),
    suspend: () => isAway.next(!isAway.value),
    reconnect: () => base.reconnect(),
    open: () => {
      const socket = sockets.made.at(-1);
      if (socket?.readyState !== 0) return;
      openOrder.push(socket);
      socket.open();
    },
    message: ({ which }) => live().at(-1 - which)?.message(7),
    closeClean: ({ which }) => live().at(-1 - which)?.closeClean(1012),
    drop: ({ which }) => live().at(-1 - which)?.drop(),
    fail: ({ which }) => live().at(-1 - which)?.fail('reset'),
    pass: ({ ms }) => vi.advanceTimersByTime(ms),
  };
  for (const one of steps) {
    (act[one.do] as (step: Step) => void)(one);
    atMostOne();
  }

  // Then all unsubscribe, and every transport that is closing ends.
  for (const { subscription } of subscribers) subscription?.unsubscribe();
  for (const socket of sockets.made) if (socket.readyState === 2) socket.drop();
  vi.advanceTimersByTime(200_000);
  for (const socket of sockets.made) if (socket.readyState === 2) socket.drop();

  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  expect(sockets.made.filter(({ isAlive }) => isAlive), 'no socket is left').toEqual([]);
  for (const received of subscribers) {
    expect(received.ended, 'S1: one terminal at most').toBeLessThanOrEqual(1);
    const grammar = /^((connecting )?(open )?(message )*(reconnecting )?)*(close (\||#) )?$/;
    expect(`${received.log.join(' ')} `.trimStart(), 'S1: the grammar').toMatch(grammar);
  }
  for (const { closes } of sockets.made) {
    for (const args of closes) expect(args[0], 'S4: no Close without a code').toEqual(expect.any(Number));
  }

  // S13: every value was sent, reported or is still waiting; none of them twice.
  const sent = openOrder.flatMap((socket) => socket.sent.map((text) => JSON.parse(text) as number));
  expect([...sent].sort((a, b) => a - b), 'order of sending').toEqual(sent);
  const reported = new Set([...dropped, ...subscribers.flatMap(({ unsent }) => unsent)]);
  expect(sent.filter((value) => reported.has(value)), 'sent, and called unsent').toEqual([]);
  const queued = statuses.at(-1)?.queued ?? 0;
  expect(sent.length + reported.size + queued, 'S13: nothing is lost in silence').toBe(accepted);
  return statuses;
}
