/**
 * What a test runner must be able to do with `websocket-subject/testing`. Each runner calls this with its own functions, and with the packed package.
 * For Jest the script makes a CommonJS module of it.
 *
 * @param runner - `describe`, `test`, `expect` and `afterEach` of the runner, its fake timers (`vi` or `jest`), and whether the
 *   package is the one for pages, which does not look for the status of a refusal
 */
export function kitTests({ afterEach, describe, expect, fake, inPage, test }, { after, HandshakeRefusedError, reconnectOnCode, webSocket }, { testServer }) {
  const url = 'wss://quotes.example.com/';
  const subscribe = (subject) => {
    const seen = [];
    subject.subscribe({ next: (value) => seen.push(value), complete: () => seen.push('complete'), error: (error) => seen.push(error.name) });
    return seen;
  };

  describe.each([false, true])('websocket-subject/testing, with fake timers: %s', (isFake) => {
    const start = (options) => {
      if (isFake) fake.useFakeTimers();
      return testServer(options);
    };
    afterEach(() => fake.useRealTimers());

    test('a connection opens by itself, talks, and answers our Close', async () => {
      const server = start();
      const socket = webSocket({ url, WebSocketCtor: server.WebSocket });
      const seen = subscribe(socket);
      const connection = await server.connection(url);
      connection.send({ price: 1 });
      socket.next('thanks');
      expect([connection.state, connection.received]).toEqual(['open', ['thanks']]);
      socket.close(4001, 'bye');
      await Promise.resolve();
      expect(seen).toEqual([{ price: 1 }, 'complete']);
      expect(connection.closedWith).toEqual({ code: 4001, reason: 'bye' });
      server.verify();
    });

    test('install() replaces the global class, in Node too', async () => {
      const server = start();
      const before = globalThis.WebSocket;
      server.install();
      try {
        const seen = subscribe(webSocket(url));
        (await server.connection()).send('hello');
        expect(seen).toEqual(['hello']);
      } finally {
        server.restore();
      }
      expect(globalThis.WebSocket).toBe(before);
    });

    test('everything has a synchronous way', () => {
      const server = start({ accept: 'manual' });
      const socket = webSocket({ url, WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const seen = subscribe(socket);
      server.expectOne().send(1);
      server.connections[0].close(1012);
      server.expectOne().send(2);
      socket.close();
      server.connections[1].answerClose();
      expect(seen).toEqual([1, 2, 'complete']);
    });

    test("like: 'ws' shows the status of a refusal", async () => {
      const server = start({ like: 'ws' });
      const closes = [];
      webSocket({ url, WebSocketCtor: server.WebSocket, closeObserver: { next: (close) => closes.push(close) } }).subscribe({ error: () => undefined });
      server.expectOne().refuse(401, { body: 'token' });
      expect(closes.map(({ httpStatus }) => httpStatus)).toEqual([inPage ? null : 401]);
      expect(closes[0].cause instanceof HandshakeRefusedError).toBe(!inPage);
    });
  });

  describe('websocket-subject/testing, over a wait', () => {
    afterEach(() => fake.useRealTimers());

    test('the wait of the default policy is the same in every run', () => {
      fake.useFakeTimers();
      const server = testServer();
      const seen = subscribe(webSocket({ url, WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode()));
      server.expectOne().close(1012);
      fake.advanceTimersByTime(17_499);
      server.expectNone();
      fake.advanceTimersByTime(1);
      server.expectOne().send('again');
      expect(seen).toEqual(['again']);
    });

    test('the page of the server takes the place of the real one', () => {
      fake.useFakeTimers();
      const server = testServer();
      subscribe(webSocket({ url, WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode({ 1012: after(1_000) })));
      const connection = server.expectOne();
      connection.accept();
      server.page.offline();
      connection.close(1012);
      fake.advanceTimersByTime(60_000);
      server.expectNone();
      server.page.online();
      fake.advanceTimersByTime(1_000);
      server.expectOne();
    });

    test('in manual mode no timeout runs out while the test advances the clock', () => {
      fake.useFakeTimers();
      const server = testServer({ accept: 'manual' });
      subscribe(webSocket({ url, WebSocketCtor: server.WebSocket }));
      const connection = server.expectOne();
      fake.runAllTimers();
      fake.advanceTimersByTime(1_000_000);
      expect(connection.state).toBe('connecting');
    });
  });
}
