import { BehaviorSubject, EMPTY, Subject } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, stop, suspendWhile, webSocket } from '../../src/index.js';
import type { SocketStatus, SocketWarning, WebSocketSubjectConfig } from '../../src/index.js';
import { fakeSockets } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(config: Partial<WebSocketSubjectConfig<number>> = {}) {
  const sockets = fakeSockets();
  const now = new Subject<unknown>();
  const policy = vi.fn((): number | null => null);
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor, ...config });
  const statuses: SocketStatus[] = [];
  const warnings: SocketWarning[] = [];
  socket.status.subscribe((status) => statuses.push(status));
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const face = socket.pipeEvents(reconnectOnCode(policy, { now }));
  return { sockets, now, policy, socket, face, statuses, warnings };
}

describe('reconnectOnCode(policy, { now })', () => {
  it('closes an open connection with 1000 and replaces it, whatever the policy says', () => {
    const { sockets, now, policy, face, statuses } = setUp();
    const seen = recorded(face.events);
    sockets.last.open();
    now.next('new token');
    expect(sockets.last.closes).toEqual([[1000]]);
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 1000, reason: '' });
    sockets.last.closeClean(1000);
    sockets.last.open();
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 0', 'connecting 1', 'open 1']);
    expect(seen.events[2]).toMatchObject({ closeEvent: { code: 1000, wasClean: true, initiator: 'local' } });
    expect([policy.mock.calls, statuses.some(({ state }) => state === 'closed')]).toEqual([[], false]);
    face.close();
    sockets.last.closeClean(1000);
  });

  it('gives an attempt up and makes another one, with a url asked for anew', () => {
    let token = 'old';
    const { sockets, now, face } = setUp({ url: () => `ws://fake/${token}` });
    const seen = recorded(face.events);
    token = 'new';
    now.next(undefined);
    expect(sockets.made.map(({ url }) => url)).toEqual(['ws://fake/old', 'ws://fake/new']);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 0', 'connecting 1']);
    seen.unsubscribe();
  });

  it('gives an attempt up whose url is still being asked for', () => {
    const signals: AbortSignal[] = [];
    const { sockets, now, face } = setUp({
      url: ({ signal }) => {
        signals.push(signal);
        return new Promise<string>(() => undefined);
      },
    });
    const seen = recorded(face.events);
    now.next(undefined);
    expect([signals.map(({ aborted }) => aborted), sockets.made]).toEqual([[true, false], []]);
    seen.unsubscribe();
  });

  it('cuts a wait short', () => {
    const { sockets, now, policy, face } = setUp();
    policy.mockReturnValueOnce(60_000);
    const seen = recorded(face.events);
    sockets.last.closeClean(1013);
    now.next(undefined);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in 60000', 'connecting 1']);
    seen.unsubscribe();
  });

  it('does nothing more to a connection that is being replaced', () => {
    const { sockets, now, face } = setUp();
    const seen = recorded(face.events);
    sockets.last.open();
    now.next(undefined);
    now.next(undefined);
    sockets.last.closeClean(1000);
    expect([sockets.made[0]?.closes, sockets.made.length]).toEqual([[[1000]], 2]);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    seen.unsubscribe();
  });

  it('replaces a connection that a bad message is closing', () => {
    const { sockets, now, policy, face } = setUp({ onInvalid: { code: 4007 } });
    const seen = recorded(face.events);
    sockets.last.open();
    sockets.last.onmessage({ data: '{' });
    now.next(undefined);
    expect(sockets.last.closes).toEqual([[4007]]);
    sockets.last.closeClean(4007);
    expect([policy.mock.calls, seen.log.at(-1)]).toEqual([[], 'connecting 1']);
    seen.unsubscribe();
  });

  it('S13: keeps the outbox, and what is sent meanwhile', () => {
    const { sockets, now, face } = setUp();
    const seen = recorded(face.events);
    face.next(1);
    now.next(undefined);
    sockets.last.open();
    now.next(undefined);
    face.next(2);
    sockets.last.closeClean(1000);
    sockets.last.open();
    expect(sockets.made.map(({ sent }) => sent)).toEqual([[], ['1'], ['2']]);
    face.close();
    sockets.last.closeClean(1000);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('S5: does nothing after an end by the program', () => {
    const { sockets, now, face } = setUp();
    const seen = recorded(face.events);
    sockets.last.open();
    face.close(4001);
    now.next(undefined);
    sockets.last.closeClean(4001);
    now.next(undefined);
    expect([sockets.made.length, sockets.last.closes, seen.log.slice(2)]).toEqual([1, [[4001]], ['close 4001 clean local', 'complete']]);
    expect(now.observed).toBe(false);
  });

  it('S5: an end by the program while the connection is being replaced is final', () => {
    const { sockets, now, face } = setUp();
    const seen = recorded(face.events);
    sockets.last.open();
    now.next(undefined);
    face.complete();
    sockets.last.closeClean(1000);
    expect([sockets.made.length, seen.log.slice(2)]).toEqual([1, ['close 1000 clean local', 'complete']]);
  });

  it('S8: does not count as a failure', () => {
    const { sockets, now, policy, face } = setUp();
    const attempts: number[] = [];
    policy.mockImplementation(((attempt: { attempt: number }) => {
      attempts.push(attempt.attempt);
      return 0;
    }) as never);
    const seen = recorded(face.events);
    sockets.last.drop();
    sockets.last.drop();
    now.next(undefined);
    now.next(undefined);
    sockets.last.drop();
    expect(attempts).toEqual([1, 2, 3]);
    expect(seen.log.filter((word) => String(word).startsWith('connecting'))).toEqual(['connecting 0', 'connecting 1', 'connecting 2', 'connecting 2', 'connecting 2', 'connecting 3']);
    seen.unsubscribe();
  });

  it('S17: is listened to once however many subscribe; every face that reconnects goes on, the base completes', () => {
    const { sockets, now, socket, face } = setUp();
    const [one, two, base] = [recorded(face.events), recorded(face.events), recorded(socket.events)];
    const other = recorded(socket.pipeEvents(reconnectOnCode({ 1000: stop })).events);
    now.next(undefined);
    expect(base.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
    for (const { log } of [one, two, other]) expect(log).toEqual(['connecting 0', 'reconnecting 1 in 0', 'connecting 1']);
    expect(sockets.made).toHaveLength(2);
    socket.close();
  });

  it('during a suspension, changes nothing', () => {
    const { sockets, now, socket, face } = setUp();
    const signal = new BehaviorSubject(true);
    const seen = recorded(face.pipeEvents(suspendWhile(signal)).events);
    now.next(undefined);
    expect(sockets.made).toEqual([]);
    signal.next(false);
    expect(sockets.made).toHaveLength(1);
    expect(seen.log).toEqual(['connecting 0', 'reconnecting 1 in Infinity', 'connecting 1']);
    socket.close();
  });

  it('from inside an event, replaces the connection after everybody has heard it', () => {
    const { sockets, now, face } = setUp();
    const subscription = face.events.subscribe((event) => event.type === 'open' && event.attempt === 0 && now.next(undefined));
    const seen = recorded(face.events);
    sockets.last.open();
    sockets.last.closeClean(1000);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'reconnecting 1 in 0', 'connecting 1']);
    seen.unsubscribe();
    subscription.unsubscribe();
  });

  it('S16: an error of now is told on warnings, and its end is nothing', () => {
    const { sockets, now, socket, face, warnings } = setUp();
    const seen = recorded(face.events);
    const second = recorded(socket.pipeEvents(reconnectOnCode(after(0), { now: EMPTY })).events);
    now.error(new Error('broken'));
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'now', error: { message: 'broken' } }]);
    expect(sockets.made).toHaveLength(1);
    seen.unsubscribe();
    second.unsubscribe();
  });

  it('must be an Observable', () => {
    expect(() => reconnectOnCode(stop, { now: 'yes' as never })).toThrow('reconnectOnCode: now must be an Observable, not "yes"');
  });
});
