import { getMaxListeners, setMaxListeners } from 'node:events';
import { expect, it, vi } from 'vitest';
import { after, closeGracefully, reconnectOnCode } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, setUp } from './setUp.js';

const started = () => {
  const controller = new AbortController();
  return { controller, ...setUp({ signal: controller.signal }) };
};

it('S5: aborting the signal is complete(): what waits is sent, then Close 1000, for good', () => {
  const { controller, socket, sockets } = started();
  const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
  socket.next(1);
  controller.abort();
  sockets.last.open();
  expect([sockets.last.sent, sockets.last.closes]).toEqual([['1'], [[1000]]]);
  sockets.last.closeClean(1000);
  expect(seen.log.slice(2)).toEqual(['close 1000 clean local', 'complete']);
});

it('S5: an aborted signal ends each session that begins, at its first event', () => {
  const { controller, socket, sockets } = started();
  controller.abort();
  for (let i = 0; i < 2; i++) {
    expect(recorded(socket.events).log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
  }
  expect(sockets.made.filter(({ isAlive }) => isAlive)).toEqual([]);
});

it('S5: aborting it inside the `connecting` of a retry, or inside `url`, is complete(), too', () => {
  const { controller, socket, sockets } = started();
  socket.pipeEvents(reconnectOnCode(after(1_000))).events.subscribe((event) => {
    if (event.type === 'connecting' && event.attempt === 1) controller.abort();
    else if (event.type === 'reconnecting') event.retryNow();
  });
  socket.next(1);
  sockets.last.drop();
  sockets.last.open();
  expect([sockets.made.length, sockets.last.sent, sockets.last.closes]).toEqual([2, ['1'], [[1000]]]);
  const inUrl = new AbortController();
  const first = setUp({ signal: inUrl.signal, url: () => (inUrl.abort(), 'ws://fake') });
  first.socket.next(1);
  first.socket.subscribe();
  first.sockets.last.open();
  expect(first.sockets.last.sent).toEqual(['1']);
  for (const { last } of [sockets, first.sockets]) last.closeClean(1000);
});

it('S5: a signal that is aborted already asks for no URL and makes no transport; values are left unsent', () => {
  const url = vi.fn(() => 'ws://fake');
  const { socket, sockets } = setUp({ signal: AbortSignal.abort(), url });
  socket.next(1);
  const seen = recorded(socket.events);
  expect(seen.log).toEqual(['connecting 0', 'close 1000 clean local', 'complete']);
  expect(lastClose(seen)).toMatchObject({ opened: false, unsent: [1] });
  expect([url.mock.calls, sockets.made]).toEqual([[], []]);
});

it('is listened to only while there is a session', () => {
  const { controller, socket, sockets } = started();
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
  sockets.last.open();
  sockets.last.closeClean(1000);
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
