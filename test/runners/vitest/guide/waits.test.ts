import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { reconnectOnCode, webSocket } from 'websocket-subject';
import { testServer } from 'websocket-subject/testing';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('a restart of the server is followed by a new connection', () => {
  const server = testServer();
  const prices: number[] = [];
  const socket = webSocket<number>({ url: 'wss://quotes.example.com', WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode());
  socket.subscribe((price) => prices.push(price));

  const first = server.expectOne();
  first.send(1.08);
  first.close(1012, 'restart'); // 1. the server closes: the client now waits, 5 to 30 s, here always 17.5
  server.expectNone();
  vi.advanceTimersByTime(17_500); // 2. the clock advances over the wait
  server.expectOne().send(1.09); // 3. the next connection is there
  expect(prices).toEqual([1.08, 1.09]);
  server.verify();
});
