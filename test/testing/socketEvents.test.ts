import { map, type Observable, takeWhile } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { describe, expect, it, vi } from 'vitest';
import {
  after, between, closeEvent, CloseEvent, errorOnCode, exponential, heartbeat, messages, onOpen, reconnectOnCode, webSocket, WebSocketCloseError, type SocketEvent,
} from '../../src/index.js';
import { attemptAfter, closedWith, connecting, dropped, message, opened, reconnecting, testServer } from '../../src/testing/index.js';

const run = (work: Parameters<TestScheduler['run']>[0]): void => void new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(work);

describe('events for marbles', () => {
  const events = { c: connecting(), o: opened<number>(), m: message(1), r: reconnecting({ delay: 100 }), X: closedWith(1012), D: dropped() };

  it('test an operator of your own', () => {
    const untilRestart = (source: Observable<SocketEvent<number>>) => source.pipe(takeWhile((event) => event.type !== 'close' || event.code !== 1012));
    run(({ expectObservable, hot }) => {
      expectObservable(untilRestart(hot('-c-o-m-(X|)', events))).toBe('-c-o-m-|', events);
      expectObservable(untilRestart(hot('-c-o-m-D', events))).toBe('      -c-o-m-D', events);
    });
  });

  it('go through the operators of the library', () => {
    run(({ cold, expectObservable, hot }) => {
      expectObservable(hot('-c-o-m-(X|)', events).pipe(messages())).toBe('-----m-|', { m: 1 });
      expectObservable(hot('-c-o-m-(X|)', events).pipe(closeEvent())).toBe('-------(X|)', events);
      for (const options of [{ ping: () => 1 }, { expectEvery: 1 }, {}]) {
        expectObservable(hot('-c-o-m-(X|)', events).pipe(heartbeat<number, number>(options))).toBe('-c-o-m-(X|)', events);
      }
      expectObservable(hot('-o-m-(X|)', events).pipe(errorOnCode([1012]), map(({ type }) => type)))
        .toBe('-o-m-(x#)', { o: 'open', m: 'message', x: 'close' }, new WebSocketCloseError(events.X));
      const again = cold('-o-(X|)', events).pipe(reconnectOnCode<number, number>(() => 10), map(({ type }) => type[0]));
      expectObservable(again, '15ms !').toBe('-o-r 10ms o');
    });
  });

  it('have no session', () => {
    const effect = vi.fn();
    run(({ expectObservable, hot }) => expectObservable(hot('-o', events).pipe(onOpen<number, number>(effect))).toBe('-o', events));
    expect(effect).toHaveBeenCalledWith(events.o);
  });

  it('call what the test gives for their methods', () => {
    const calls = { close: vi.fn(), abort: vi.fn(), send: vi.fn(), waitUntil: vi.fn() };
    const open = opened({ ...calls, url: 'wss://host/', protocol: 'v1', attempt: 2 });
    expect(open).toMatchObject({ type: 'open', url: 'wss://host/', protocol: 'v1', attempt: 2 });
    open.send('x');
    open.close(4000, 'why');
    open.abort('because');
    const work = Promise.resolve();
    open.waitUntil(work);
    expect(calls.send).toHaveBeenCalledWith('x');
    expect(calls.close).toHaveBeenCalledWith(4000, 'why');
    expect(calls.abort).toHaveBeenCalledWith('because');
    expect(calls.waitUntil).toHaveBeenCalledWith(work);
    expect(() => open.close(1001 as never)).toThrow(expect.objectContaining({ name: 'InvalidAccessError' }));

    const start = connecting({ attempt: 3, ...calls });
    start.close();
    start.abort();
    expect(start.attempt).toBe(3);
    expect(calls.close).toHaveBeenLastCalledWith(1000, '');
    const retryNow = vi.fn();
    reconnecting({ retryNow }).retryNow();
    expect(retryNow).toHaveBeenCalledOnce();
  });

  it('are CloseEvents with the facts of the server', () => {
    expect(closedWith(4401, 'token', { uptime: 10 })).toBeInstanceOf(CloseEvent);
    expect(closedWith(4401, 'token', { uptime: 10 })).toMatchObject({ code: 4401, reason: 'token', wasClean: true, initiator: 'remote', opened: true, uptime: 10 });
    expect(dropped({ opened: false, httpStatus: 503 })).toMatchObject({ code: 1006, wasClean: false, initiator: 'transport', opened: false, httpStatus: 503 });
  });
});

describe('attemptAfter()', () => {
  it('tests a policy without a clock, and chance is fixed', () => {
    expect(between(5_000, 30_000)(attemptAfter(closedWith(1012)))).toBe(17_500);
    expect([1, 2, 3].map((attempt) => exponential()(attemptAfter(dropped(), { attempt })))).toEqual([500, 2_150, 6_558]);
    expect(attemptAfter(dropped({ uptime: 7 }), { repeats: 2 })).toMatchObject({ attempt: 1, repeats: 2, uptime: 7, elapsed: 7, previousDelay: null });
  });
});

describe("the server within RxJS's TestScheduler, where no microtask runs", () => {
  it('has a synchronous way for everything, and the wait of a retry is virtual', () => {
    run(({ expectObservable, hot }) => {
      const server = testServer({ accept: 'manual' });
      const socket = webSocket<string>({ url: 'wss://host', WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode({ 1012: after(5) }));
      hot('-m-r-------n-e').subscribe((step) => {
        if (step === 'm') server.expectOne().send('a');
        if (step === 'r') server.connections[0]?.close(1012);
        if (step === 'n') server.expectOne().send('b');
        if (step === 'e') {
          socket.close(4000);
          server.connections[1]?.answerClose();
        }
      });
      expectObservable(socket).toBe('-a---------b-|');
    });
  });
});
