import { defer, Observable, Subject, takeUntil } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

it('S9: a subscriber that has left before it is subscribed begins no session', () => {
  const closing = vi.fn();
  const { socket, server, statuses } = setUp({ closingObserver: { next: closing } });
  const left = new Subject<void>();
  defer(() => {
    left.next();
    return socket;
  }).pipe(takeUntil(left)).subscribe();
  expect([server.connections, statuses, closing.mock.calls]).toEqual([[], [{ state: 'idle', queued: 0 }], []]);
});

describe('unsubscribe() from inside', () => {
  it("S13: inside closeObserver reports the values that wait on warnings", () => {
    const { socket, last, warnings, statuses } = setUp({ closeObserver: { next: () => socket.unsubscribe() } });
    recorded(socket.events);
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    socket.next(1);
    last().drop();
    expect([warnings, statuses.at(-1)]).toMatchObject([[{ kind: 'dropped', values: [1] }], { state: 'closed', queued: 0 }]);
    recorded(socket.events);
    last().accept();
    expect(last().received).toEqual([]);
  });

  it('S13: inside a policy reports the values that wait on warnings', () => {
    const { socket, last, warnings, statuses } = setUp();
    const policy = (): number => (socket.unsubscribe(), 0);
    recorded(socket.pipeEvents(reconnectOnCode(policy)).events);
    socket.next(1);
    last().drop();
    expect([warnings, statuses.at(-1)]).toMatchObject([[{ kind: 'dropped', values: [1] }], { state: 'closed', queued: 0 }]);
  });

  it('S13: inside an open event whose connection was just aborted reports the values that wait on warnings', () => {
    const { socket, last, warnings, statuses } = setUp();
    socket.events.subscribe((event) => {
      if (event.type !== 'open') return;
      event.abort();
      socket.unsubscribe();
    });
    socket.next(1);
    last().accept();
    expect([warnings, statuses.at(-1)]).toMatchObject([[{ kind: 'dropped', values: [1] }], { state: 'closed', queued: 0 }]);
  });

  it('S7: while a session completes: a subscription made in a finalizer begins the next session', () => {
    const { socket, last, server } = setUp();
    const late: ReturnType<typeof recorded>[] = [];
    socket.next(1);
    socket.events.subscribe().add(() => late.push(recorded(socket.events)));
    socket.complete();
    socket.unsubscribe();
    last().accept();
    server.connections[0]?.close(1000);
    last().accept();
    expect([server.connections.map(({ received }) => received), late.map(({ log }) => log)]).toEqual([[[1], []], [['connecting 0', 'open 0']]]);
  });

  it('S7: does not send the unsubMsg of a multiplexed stream on the next connection', () => {
    const { socket, last, server } = setUp();
    socket.subscribe().add(() => part.unsubscribe());
    const part = socket.multiplex(() => 7, () => 8, () => true).subscribe(); // prettier-ignore
    last().accept();
    socket.unsubscribe();
    recorded(socket.events);
    last().accept();
    expect(server.connections.map(({ received }) => received)).toEqual([[7], []]);
  });
});

describe('unsubscribe() while a close is delivered', () => {
  it('S9: a subscriber that waits for a retry receives neither the close nor a terminal any more', () => {
    const { socket, last } = setUp();
    const log: string[] = [];
    for (const name of ['a', 'b']) {
      socket.events.pipe(reconnectOnCode(after(1_000))).subscribe({
        next: ({ type }) => {
          if (type !== 'close') return;
          log.push(`${name} close`);
          socket.unsubscribe();
        },
        complete: () => log.push(`${name} complete`),
      });
    }
    last().drop();
    socket.close();
    expect(log).toEqual(['a close']);
  });
});

describe('unsubscribe() during which the connection ends', () => {
  it.each(['the clean', 'the unclean'] as const)('S1: a subscriber receives neither the close nor %s terminal', (which) => {
    const { socket, last } = setUp();
    const ending = new Observable<never>(() => () => (which === 'the clean' ? last().close(1012) : last().drop()));
    recorded(socket.events);
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(1), { wake: ending })).events);
    last().accept();
    socket.unsubscribe();
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
  });
});
