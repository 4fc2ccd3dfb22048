import { expect, test } from 'vitest';
import { after, iterate, reconnectOnCode, webSocket, type WebSocketSubject } from 'websocket-subject';
import { testServer } from 'websocket-subject/testing';

interface Order {
  readonly id: number;
  readonly amount: number;
}

/** Confirms each order, and returns the sum of all when the feed ends. */
async function sumOrders(feed: WebSocketSubject<Order, { confirmed: number }>): Promise<number> {
  let sum = 0;
  for await (const { amount, id } of iterate(feed)) {
    sum += amount;
    feed.next({ confirmed: id });
  }
  return sum;
}

test('orders are summed and confirmed over a restart', async () => {
  const server = testServer();
  const sum = sumOrders(
    webSocket<Order, { confirmed: number }>({ url: 'wss://orders.example.com', WebSocketCtor: server.WebSocket })
      .pipeEvents(reconnectOnCode({ 1012: after(0) })),
  );

  const first = await server.connection();
  first.send({ id: 1, amount: 30 });
  await Promise.resolve(); // let the loop handle the message
  first.close(1012);
  const second = await server.connection();
  second.send({ id: 2, amount: 12 });
  second.close(1000);

  expect(await sum).toBe(42);
  expect(first.received).toEqual([{ confirmed: 1 }]);
});

test('an expired token is refused', async () => {
  const server = testServer({ like: 'ws' }); // the client learns the status, as with the package ws
  server.down(401);
  const feed = webSocket<Order, never>({ url: 'wss://orders.example.com', WebSocketCtor: server.WebSocket });
  await expect(sumOrders(feed)).rejects.toMatchObject({ event: { httpStatus: 401 } });
});
