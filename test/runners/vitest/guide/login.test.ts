import { afterEach, beforeEach, expect, test } from 'vitest';
import { onOpen, webSocket } from 'websocket-subject';
import { testServer } from 'websocket-subject/testing';

interface Message {
  readonly op: string;
}

// The code under test.
const quotes = (WebSocketCtor: typeof server.WebSocket, token: string) =>
  webSocket<Message>({ url: 'wss://quotes.example.com', WebSocketCtor }).pipeEvents(onOpen((open) => open.send({ op: `login ${token}` })));

let server = testServer();
beforeEach(() => {
  server = testServer({
    onMessage(message, connection) {
      const { op } = message as Message;
      if (op === 'login secret') connection.send({ op: 'welcome' });
      else connection.close(4401, 'token refused');
    },
  });
});
afterEach(() => server.verify());

test('a good token is welcome', async () => {
  const received: string[] = [];
  const subscription = quotes(server.WebSocket, 'secret').subscribe(({ op }) => received.push(op));
  const connection = await server.connection();
  await Promise.resolve(); // the answer of onMessage
  expect(received).toEqual(['welcome']);
  subscription.unsubscribe();
  expect(connection.closedWith).toEqual({ code: 1000, reason: '' });
});

test('a bad token ends the session', async () => {
  const ended = new Promise<void>((complete) => quotes(server.WebSocket, 'old').subscribe({ complete }));
  const connection = await server.connection();
  await ended;
  expect(connection.received).toEqual([{ op: 'login old' }]);
});
