// Programs that mock the global WebSocket, as people write them for rxjs/webSocket; LIBRARY names which of the two libraries runs them.
import { Server, WebSocket as MockWebSocket } from 'mock-socket';
import { afterEach, expect, it, vi } from 'vitest';

const { webSocket } = await import(process.env.LIBRARY);
let servers = 0;
const nextUrl = () => `ws://127.0.0.1:9/${++servers}`;

afterEach(() => vi.unstubAllGlobals());

/** Subscribes, and resolves with the messages and the terminal. */
const ended = (socket) => new Promise((resolve) => {
  const received = [];
  socket.subscribe({ next: (message) => received.push(message), error: () => resolve([...received, 'error']), complete: () => resolve([...received, 'complete']) });
});

/** A hand-written mock, which opens, delivers, and closes. */
function fakeClass(close) {
  return class Fake {
    static sent = [];
    readyState = 0;
    constructor() {
      setTimeout(() => {
        this.readyState = 1;
        this.onopen?.({ type: 'open' });
        this.onmessage?.({ data: '"hello"' });
        this.onclose?.(close);
      });
    }
    send(data) {
      Fake.sent.push(data);
    }
    close() {}
  };
}

it('a stubbed class delivers its messages, and its clean close completes', async () => {
  vi.stubGlobal('WebSocket', fakeClass({ code: 1000, reason: '', wasClean: true }));
  expect(await ended(webSocket(nextUrl()))).toEqual(['hello', 'complete']);
});

it('a stubbed class is given what is sent', async () => {
  const Fake = fakeClass({ code: 1000, reason: '', wasClean: true });
  vi.stubGlobal('WebSocket', Fake);
  const socket = webSocket(nextUrl());
  socket.next('early');
  await ended(socket);
  expect(Fake.sent).toEqual(['"early"']);
});

it('a stubbed class that drops is an error', async () => {
  vi.stubGlobal('WebSocket', fakeClass({ code: 1006, reason: '', wasClean: false }));
  expect(await ended(webSocket(nextUrl()))).toEqual(['hello', 'error']);
});

const withServer = (behaviour) => {
  vi.stubGlobal('WebSocket', MockWebSocket);
  const url = nextUrl();
  const server = new Server(url);
  server.on('connection', behaviour);
  return { socket: webSocket(url), server };
};

it('mock-socket: messages of the server', async () => {
  const { socket, server } = withServer((client) => {
    client.send('1');
    client.send('2');
    setTimeout(() => client.close({ code: 1000, reason: '', wasClean: true }), 5);
  });
  expect(await ended(socket)).toEqual([1, 2, 'complete']);
  server.stop();
});

it('mock-socket: an echo of what was sent before the open', async () => {
  const { socket, server } = withServer((client) => client.on('message', (data) => {
    client.send(data);
    client.close({ code: 1000, reason: '', wasClean: true });
  }));
  socket.next({ op: 'echo' });
  expect(await ended(socket)).toEqual([{ op: 'echo' }, 'complete']);
  server.stop();
});

it('mock-socket: a close with any other code than 1000, which it calls unclean', async () => {
  const { socket, server } = withServer((client) => setTimeout(() => client.close({ code: 4401, reason: 'expired', wasClean: true }), 5));
  expect(await ended(socket)).toEqual(['error']);
  server.stop();
});

it('mock-socket: complete() closes', async () => {
  const { socket, server } = withServer(() => setTimeout(() => socket.complete(), 5));
  expect(await ended(socket)).toEqual(['complete']);
  server.stop();
});

it('mock-socket: no server is an error', async () => {
  vi.stubGlobal('WebSocket', MockWebSocket);
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // mock-socket reports it there
  expect(await ended(webSocket(nextUrl()))).toEqual(['error']);
});

it('mock-socket as WebSocketCtor, with the global class as it is', async () => {
  const url = nextUrl();
  const server = new Server(url, { mock: false });
  server.on('connection', (client) => {
    client.send('"hi"');
    setTimeout(() => client.close({ code: 1000, reason: '', wasClean: true }), 5);
  });
  expect(await ended(webSocket({ url, WebSocketCtor: MockWebSocket }))).toEqual(['hi', 'complete']);
  server.stop();
});
