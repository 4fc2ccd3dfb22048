import { first, switchMap, timer } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, heartbeat, iterate, reconnectOnCode, topics, type WebSocketSubject } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const ignore = { error: () => undefined };

/** A subject that lingers for a second, open, whose only subscriber has left. */
function left(pipe: (socket: WebSocketSubject<number>) => WebSocketSubject<number> = (socket) => socket) {
  const made = setUp({ linger: 1_000, unsubscribeCode: 4000 });
  const socket = pipe(made.socket);
  const subscription = socket.subscribe();
  made.last().accept();
  subscription.unsubscribe();
  return { ...made, base: made.socket, socket };
}

describe('S9: with linger', () => {
  it('the last unsubscribe closes when it is over, with unsubscribeCode', () => {
    const { last, socket, statuses } = left();
    expect([socket.observed, socket.closed, statuses.at(-1)?.state]).toEqual([false, false, 'open']);
    vi.advanceTimersByTime(999);
    expect(last().closedWith).toBeNull();
    vi.advanceTimersByTime(1);
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
  });

  it('who subscribes meanwhile joins, and the time starts anew with the next unsubscribe', () => {
    const { last, server, socket } = left();
    vi.advanceTimersByTime(900);
    const seen = recorded(socket.events);
    vi.advanceTimersByTime(5_000);
    last().send(7);
    expect(seen.log).toEqual(['open 0', 'message 7']);
    seen.unsubscribe();
    vi.advanceTimersByTime(999);
    expect([server.connections.length, last().closedWith]).toEqual([1, null]);
    vi.advanceTimersByTime(1);
    last().close(4000);
  });

  it('a subscriber that leaves in its first event is such a subscriber', () => {
    const { last, socket } = left();
    socket.events.pipe(first()).subscribe();
    vi.advanceTimersByTime(999);
    expect(last().closedWith).toBeNull();
    vi.advanceTimersByTime(1);
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
  });

  it('messages are dropped meanwhile, and next() sends', () => {
    const { last, socket } = left();
    socket.next(1);
    last().send(7);
    const seen = recorded(socket.events);
    expect([last().received, seen.log]).toEqual([[1], ['open 0']]);
    socket.close();
  });

  it('the operators of the subject that was left last go on: it reconnects and pings', () => {
    const { last, server, socket } = left((base) => base.pipeEvents(heartbeat({ every: 400, timeout: 50, ping: () => 0 }), reconnectOnCode(after(100))));
    vi.advanceTimersByTime(400);
    expect(last().received).toEqual([0]);
    last().drop();
    vi.advanceTimersByTime(100);
    last().accept();
    const seen = recorded(socket.events);
    expect([server.connections.length, seen.log]).toEqual([2, ['open 1']]);
    socket.close();
  });

  it('a subject with operators does not make its base linger once more', () => {
    const { last } = left((base) => base.pipeEvents(reconnectOnCode(after(100))).pipeEvents(reconnectOnCode(after(100))));
    vi.advanceTimersByTime(1_000);
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
  });

  it('it begins with the last unsubscribe of all subjects, and a subject that is left before ends at once', () => {
    const { last, server, base, socket } = left((subject) => subject.pipeEvents(reconnectOnCode(after(0))));
    vi.advanceTimersByTime(300);
    const ofBase = base.subscribe();
    vi.advanceTimersByTime(300);
    ofBase.unsubscribe();
    vi.advanceTimersByTime(999);
    expect([last().closedWith, base.observed, socket.observed]).toEqual([null, false, false]);
    const again = [socket.subscribe(), base.subscribe()];
    again[1]?.unsubscribe();
    vi.advanceTimersByTime(5_000);
    expect([server.connections.length, last().closedWith]).toEqual([1, null]);
    again[0]?.unsubscribe();
    vi.advanceTimersByTime(1_000);
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
  });

  it('the process is kept while any subject has a subscriber', () => {
    const { socket: base, sockets } = setUpFake({ linger: 1_000, unsubscribeCode: 4000 });
    const socket = base.pipeEvents(reconnectOnCode(after(0)));
    const subscription = socket.subscribe();
    sockets.last.open();
    subscription.unsubscribe();
    const kept: string[] = [];
    Object.assign(sockets.last, { _socket: { ref: () => kept.push('ref'), unref: () => kept.push('unref') } });
    const stays = base.subscribe();
    socket.subscribe().unsubscribe();
    expect(kept).toEqual(['ref']);
    stays.unsubscribe();
    expect(kept).toEqual(['ref', 'unref']);
    socket.unsubscribe();
    expect(kept).toEqual(['ref', 'unref', 'ref']);
    sockets.last.closeClean(4000);
  });

  it('a wait for the next attempt ends with it', () => {
    const { last, server, statuses } = left((base) => base.pipeEvents(reconnectOnCode(after(5_000))));
    last().drop();
    expect(statuses.at(-1)?.state).toBe('waiting');
    vi.advanceTimersByTime(1_000);
    expect([statuses.at(-1)?.state, server.connections.length]).toEqual(['closed', 1]);
  });

  it('a subscriber that unsubscribes during a wait can subscribe again', () => {
    const { last, server, socket } = setUp({ linger: 1_000 });
    const derived = socket.pipeEvents(reconnectOnCode(after(1_500)));
    const subscription = derived.subscribe();
    last().drop();
    subscription.unsubscribe();
    vi.advanceTimersByTime(999);
    const seen = recorded(derived.events);
    vi.advanceTimersByTime(501);
    expect([seen.log, server.connections.length]).toEqual([['reconnecting 1 in 1500', 'connecting 1'], 2]);
    socket.close();
  });

  it('so can one that unsubscribes before a custom operator has subscribed', () => {
    const { server, socket } = setUp({ linger: 1_000 });
    const derived = socket.pipeEvents((events) => timer(50).pipe(switchMap(() => events)));
    derived.subscribe().unsubscribe();
    const seen = [recorded(derived.events), recorded(derived.events)];
    vi.advanceTimersByTime(50);
    expect([seen.map(({ log }) => log), server.connections.length]).toEqual([[['connecting 0'], ['connecting 0']], 1]);
    socket.close();
  });

  it.each<[string, (socket: WebSocketSubject<number>) => void, number]>([
    ['close()', (socket) => socket.close(4001), 4001],
    ['complete()', (socket) => socket.complete(), 1000],
    ['error()', (socket) => socket.error(new Error('given')), 1000],
    ['unsubscribe()', (socket) => socket.unsubscribe(), 4000],
  ])('%s ends it at once', (_name, end, code) => {
    const { last, socket, statuses } = left((base) => base.pipeEvents(reconnectOnCode(after(100))));
    end(socket);
    expect(last().closedWith).toEqual({ code: code, reason: '' });
    last().close(code);
    expect(statuses.at(-1)?.state).toBe('closed');
  });

  it('so does the signal', () => {
    const controller = new AbortController();
    const { last, socket } = setUp({ linger: 1_000, signal: controller.signal });
    const subscription = socket.subscribe();
    last().accept();
    subscription.unsubscribe();
    controller.abort();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
  });

  it('an unclean end meanwhile is no uncaught error, and the next subscriber begins a new session', () => {
    const { last, server, socket, statuses } = left();
    last().drop();
    expect(statuses.at(-1)).toMatchObject({ state: 'closed', closeEvent: { code: 1006 } });
    socket.subscribe(ignore);
    expect(server.connections).toHaveLength(2);
    socket.close();
  });

  it('S13: values that wait are given up when it is over', () => {
    const { socket, last, warnings } = setUp({ linger: 1_000 });
    socket.subscribe(ignore).unsubscribe();
    socket.next(1);
    vi.advanceTimersByTime(1_000);
    expect(warnings).toMatchObject([{ kind: 'dropped', values: [1] }]);
    expect(last().state).toBe('closed');
  });

  it('loops and topics that are left are such subscribers', async () => {
    const { last, server, socket } = setUp({ linger: 1_000 });
    const loop = iterate(socket);
    const first = loop.next();
    last().accept();
    last().send(1);
    await first;
    await loop.return?.();
    const part = topics(socket, { keyOf: () => 'a', subscribe: () => undefined, unsubscribe: () => undefined });
    vi.advanceTimersByTime(500);
    part('a').subscribe().unsubscribe();
    vi.advanceTimersByTime(999);
    expect([server.connections.length, last().closedWith]).toEqual([1, null]);
    vi.advanceTimersByTime(1);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
  });
});
