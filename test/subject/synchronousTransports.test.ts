import { of, Subject } from 'rxjs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { closeGracefully } from '../../src/index.js';
import { recorded, type Recorded } from './recorded.js';
import { setUpFake } from './setUp.js';

// Mocks answer inside the call that they answer, which no network does.
beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

it('S18: a message is delivered to all subscribers when the server closes in the same task', () => {
  const { socket, sockets } = setUpFake();
  socket.events.subscribe((event) => {
    if (event.type !== 'open') return;
    sockets.last.message(1);
    sockets.last.closeClean(1000);
  });
  const second = recorded(socket.events);
  sockets.last.open();
  expect(second.log).toEqual(['connecting 0', 'open 0', 'message 1', 'close 1000 clean remote', 'complete']);
});

it('S18: the reply to what is sent in `open` is delivered, also when the transport closes within that send()', () => {
  const { socket, sockets } = setUpFake();
  socket.subscribe();
  const transport = sockets.last;
  transport.send = () => {
    transport.message('reply');
    transport.closeClean(4000);
  };
  socket.events.subscribe((event) => event.type === 'open' && event.send(1));
  const seen = recorded(socket.events);
  transport.open();
  expect(seen.log).toEqual(['connecting 0', 'open 0', 'message "reply"', 'close 4000 clean remote', 'complete']);
});

it('S12: a value that is given within the send() of a value from the outbox is sent after the others', () => {
  const { socket, sockets } = setUpFake();
  socket.subscribe();
  for (const value of [1, 2]) socket.next(value);
  const transport = sockets.last;
  const { send } = transport;
  transport.send = (data) => {
    if (data === '1') socket.next(3);
    send.call(transport, data);
  };
  transport.open();
  expect(transport.sent).toEqual(['1', '2', '3']);
  socket.close();
  transport.closeClean(1000);
});

it('S1: close() in `connecting`, of a transport that has just opened, ends the session without an `open`', () => {
  const openObserver = { next: vi.fn() };
  const { socket, sockets, statuses } = setUpFake({ openObserver });
  const seen = recorded(socket.events);
  socket.events.subscribe(({ type }) => {
    if (type !== 'connecting') return;
    sockets.last.open();
    socket.close();
  });
  expect(statuses.at(-1)?.state).toBe('closing');
  sockets.last.closeClean(1000);
  expect(seen.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
  expect(openObserver.next).not.toHaveBeenCalled();
});

it('S18: a message that comes within our close() is dropped', () => {
  const { socket, sockets } = setUpFake();
  const seen = recorded(socket.events);
  const transport = sockets.last;
  transport.open();
  transport.close = () => {
    transport.message(1);
    transport.closeClean(1000);
  };
  socket.close();
  expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
});

it('S10: a reconnect() whose close ends at once leaves no status of that close, and the next connection goes on', () => {
  const { socket, sockets, statuses } = setUpFake();
  const seen = recorded(socket.events);
  const transport = sockets.last;
  transport.open();
  transport.close = () => transport.closeClean(1000);
  socket.reconnect();
  vi.advanceTimersByTime(0);
  sockets.last.open();
  expect(seen.log.slice(2)).toEqual(['reconnecting 0 in 0', 'connecting 0', 'open 0']);
  expect(statuses.map(({ state }) => state)).not.toContain('closing');
  socket.close();
  sockets.last.closeClean(1000);
});

it('S18: a message whose deserializer closes is dropped', () => {
  const { socket, sockets } = setUpFake({
    deserializer: () => {
      socket.close();
      return 1;
    },
  });
  const seen = recorded(socket.events);
  sockets.last.open();
  sockets.last.message(1);
  sockets.last.closeClean(1000);
  expect(seen.log).toEqual(['connecting 0', 'open 0', 'close 1000 clean local', 'complete']);
});

it('S7: after an `until` that emits at once and a transport that closes at once, a subscription made in that close begins a new session', () => {
  const { socket, sockets } = setUpFake();
  const when = new Subject<void>();
  const again: Recorded[] = [];
  socket
    .pipeEvents(closeGracefully(when, { until: of(1) }))
    .events.subscribe((event) => event.type === 'close' && again.push(recorded(socket.events)));
  const first = sockets.last;
  first.open();
  first.close = () => first.closeClean(1000);
  when.next();
  expect(sockets.made).toHaveLength(2);
  socket.next(5);
  sockets.last.open();
  const late = recorded(socket.events);
  sockets.last.message(1);
  expect([sockets.last.sent, sockets.last.closes]).toEqual([['5'], []]);
  expect([again[0]?.log, late.log]).toEqual([['connecting 0', 'open 0', 'message 1'], ['open 0', 'message 1']]);
  socket.close();
  sockets.last.closeClean(1000);
});
