import { getEventListeners, getMaxListeners, setMaxListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode } from '../../src/index.js';
import { recorded } from './recorded.js';
import { alive, lastClose, setUp } from './setUp.js';

const started = () => {
  const controller = new AbortController();
  return { controller, ...setUp({ signal: controller.signal }) };
};

it('S5: aborting the signal is complete(): what waits is sent, then Close 1000, for good', () => {
  const { controller, socket, last } = started();
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
  socket.next(1);
  controller.abort();
  last().accept();
  expect([last().received, last().closedWith]).toEqual([[1], { code: 1000, reason: '' }]);
  last().close(1000);
  expect(seen.log.slice(2)).toEqual(['close 1000 clean local', 'complete']);
});

it('the signal has no listener of a session that is over', () => {
  const { controller, socket, last } = started();
  for (let i = 0; i < 2; i++) {
    socket.subscribe();
    last().accept();
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1);
    last().close(1012);
  }
  expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
});

it('S5: an aborted signal ends each session that begins, at its first event', () => {
  const { controller, socket, server } = started();
  controller.abort();
  for (let i = 0; i < 2; i++) {
    expect(recorded(socket.events).log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
  }
  expect(alive(server)).toEqual([]);
});

it('S5: aborting it inside the `connecting` of a retry, or inside `url`, is complete(), too', () => {
  const { controller, socket, last, server } = started();
  socket.pipeEvents(reconnectOnCode(after(1_000))).events.subscribe((event) => {
    if (event.type === 'connecting' && event.attempt === 1) controller.abort();
    else if (event.type === 'reconnecting') event.retryNow();
  });
  socket.next(1);
  last().drop();
  last().accept();
  expect([server.connections.length, last().received, last().closedWith]).toEqual([2, [1], { code: 1000, reason: '' }]);
  const inUrl = new AbortController();
  const first = setUp({ signal: inUrl.signal, url: () => (inUrl.abort(), 'ws://fake') });
  first.socket.next(1);
  first.socket.subscribe();
  first.last().accept();
  expect(first.last().received).toEqual([1]);
  for (const connection of [last(), first.last()]) connection.close(1000);
});

it('S5: a signal that is aborted already asks for no URL and makes no transport; values are left unsent', () => {
  const url = vi.fn(() => 'ws://fake');
  const { socket, server } = setUp({ signal: AbortSignal.abort(), url });
  socket.next(1);
  const seen = recorded(socket.events);
  expect(seen.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
  expect(lastClose(seen)).toMatchObject({ opened: false, unsent: [1] });
  expect([url.mock.calls, server.connections]).toEqual([[], []]);
});

it('is listened to only while there is a session', () => {
  const { controller, socket, last } = started();
  let listeners = 0;
  const { addEventListener, removeEventListener } = controller.signal;
  controller.signal.addEventListener = (...args: Parameters<typeof addEventListener>) => {
    listeners++;
    addEventListener.apply(controller.signal, args);
  };
  controller.signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    listeners--;
    removeEventListener.apply(controller.signal, args);
  };
  const seen = recorded(socket.events);
  expect(listeners).toBe(1);
  last().accept();
  last().close(1000);
  expect([listeners, seen.log.at(-1)]).toEqual([0, 'complete']);
});

it('Node prints no warning when a hundred subjects share one, also as the signal of `closeGracefully`', async () => {
  const printed: unknown[] = [];
  const keep = (warning: unknown): unknown => printed.push(warning);
  process.on('warning', keep);
  const { signal } = new AbortController();
  const other = new AbortController().signal;
  const seen = Array.from({ length: 100 }, () => recorded(setUp({ signal }).socket.pipeEvents(closeGracefully(other)).events));
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', keep);
  expect(printed).toEqual([]);
  for (const { unsubscribe } of seen) unsubscribe();
});

it('keeps the limit of listeners that your code has set', () => {
  const { signal } = new AbortController();
  setMaxListeners(200, signal);
  setUp({ signal });
  expect(getMaxListeners(signal)).toBe(200);
});
