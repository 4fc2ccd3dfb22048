import fc from 'fast-check';
import { BehaviorSubject, EMPTY, Subject, throwError, timer, type Subscription } from 'rxjs';
import { expect, vi } from 'vitest';
import { after, closeGracefully, onOpen, reconnectOnCode, suspendWhile, webSocket } from '../../src/index.js';
import type { CloseEvent, SocketEvent, SocketStatus } from '../../src/index.js';
import { fakeSockets, type FakeSocket } from './FakeSocket.js';

/** Something that the program, its peer or the time does. */
export type Step =
  | { do: 'subscribe'; face: 'base' | 'derived' }
  | { do: 'unsubscribe'; which: number }
  | { do: 'next' | 'complete' | 'close' | 'error' | 'graceful' | 'unsubscribeAll' | 'suspend' | 'replace' }
  | { do: 'open' | 'message' | 'closeClean' | 'drop' | 'fail'; which: number }
  | { do: 'pass'; ms: number };

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('subscribe' as const), face: fc.constantFrom('base' as const, 'derived' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), which: fc.nat(5) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('next' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('complete' as const, 'close' as const, 'error' as const, 'graceful' as const, 'unsubscribeAll' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('suspend' as const, 'replace' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('open' as const), which: fc.nat(1) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('message' as const, 'closeClean' as const, 'drop' as const, 'fail' as const), which: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(0, 50, 100, 5_000, 20_000) }) },
);

class Seen {
  readonly log: string[] = [];
  ended = 0;
  subscription: Subscription | undefined;
  lastClose: CloseEvent | undefined;
  unsent: unknown[] = [];
}

/** What the outbox of each connection waits for, when the derived face is subscribed. */
const works = { none: () => EMPTY, short: () => timer(50), long: () => timer(60_000), broken: () => throwError(() => new Error('refused')) };

/** How a program behaves from inside its callbacks. */
export interface Flavour {
  closeInside: boolean;
  work: keyof typeof works;
}

export const flavour: fc.Arbitrary<Flavour> = fc.record({ closeInside: fc.boolean(), work: fc.constantFrom('none', 'short', 'long', 'broken') });

/**
 * One program: a base face, a face that reconnects, can be suspended and closed gracefully, and everything that happens to them. Gives every status
 * there was, after having checked what must hold in any order.
 */
export function play(steps: readonly Step[], { closeInside, work }: Flavour): SocketStatus[] {
  // What a run that has failed leaves behind must not make the shorter ones fail that are tried after it.
  vi.clearAllTimers();
  const sockets = fakeSockets();
  const stopping = new AbortController();
  const isAway = new BehaviorSubject(false);
  const now = new Subject<void>();
  const base = webSocket<number, number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, stableAfter: 1_000 });
  const derived = base.pipeEvents(
    onOpen(works[work]), reconnectOnCode(after(100), { now }), suspendWhile(isAway), closeGracefully(stopping.signal, { code: 4000 }),
  );
  const subscribers: Seen[] = [];
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

  const subscribe = (face: 'base' | 'derived'): void => {
    const seen = new Seen();
    subscribers.push(seen);
    const take = (event: SocketEvent<number, number>): void => {
      expect(seen.ended, 'nothing comes after the terminal').toBe(0);
      seen.log.push(event.type);
      if (event.type !== 'close') return;
      seen.lastClose = event;
      seen.unsent.push(...event.unsent);
      if (closeInside) base.close();
    };
    seen.subscription = (face === 'base' ? base : derived).events.subscribe({
      next: take,
      complete: () => {
        seen.ended++;
        seen.log.push('|');
      },
      error: () => {
        seen.ended++;
        seen.log.push('#');
      },
    });
  };

  const act: { [Name in Step['do']]: (step: Extract<Step, { do: Name }>) => void } = {
    subscribe: ({ face }) => subscribe(face),
    unsubscribe: ({ which }) => subscribers[which]?.subscription?.unsubscribe(),
    next: () => base.next(accepted++),
    complete: () => base.complete(),
    close: () => base.close(4001),
    error: () => base.error(new Error('given')),
    graceful: () => stopping.abort(),
    unsubscribeAll: () => base.unsubscribe(),
    suspend: () => isAway.next(!isAway.value),
    replace: () => now.next(),
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

  // Then everybody leaves, and every transport that was told to close does.
  for (const { subscription } of subscribers) subscription?.unsubscribe();
  for (const socket of sockets.made) if (socket.readyState === 2) socket.drop();
  vi.advanceTimersByTime(200_000);
  for (const socket of sockets.made) if (socket.readyState === 2) socket.drop();

  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  expect(sockets.made.filter(({ isAlive }) => isAlive), 'no socket is left').toEqual([]);
  for (const seen of subscribers) {
    expect(seen.ended, 'S1: one terminal at most').toBeLessThanOrEqual(1);
    const grammar = /^((connecting )?(open )?(message )*(reconnecting )?)*(close (\||#) )?$/;
    expect(`${seen.log.join(' ')} `.trimStart(), 'S1: the grammar').toMatch(grammar);
  }
  for (const { closes } of sockets.made) {
    for (const args of closes) expect(args[0], 'S4: no Close without a code').toEqual(expect.any(Number));
  }

  // S13: every value was sent, or told to somebody, or is still waiting; none of them twice.
  const sent = openOrder.flatMap((socket) => socket.sent.map((text) => JSON.parse(text) as number));
  expect([...sent].sort((a, b) => a - b), 'order of sending').toEqual(sent);
  const told = new Set([...dropped, ...subscribers.flatMap(({ unsent }) => unsent)]);
  expect(sent.filter((value) => told.has(value)), 'sent, and called unsent').toEqual([]);
  const queued = statuses.at(-1)?.queued ?? 0;
  expect(sent.length + told.size + queued, 'S13: nothing is lost in silence').toBe(accepted);
  return statuses;
}
