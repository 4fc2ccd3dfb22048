// Nine tests, as people write them for rxjs/webSocket, on one library that mocks the global WebSocket.

/**
 * `serve(connected)` starts a mocked server and returns `{ url, stop }`; `connected` receives `{ send, onMessage, close, onClose }` of each client.
 * `endOf4401` is what rxjs/webSocket makes of a close with 4401: some mocks call it unclean.
 */
module.exports.nineTests = ({ it, expect, webSocket, serve, closedUrl, endOf4401 }) => {
  /** Subscribes, and resolves with the messages and the terminal. */
  const ended = (socket, onMessage = () => undefined) => new Promise((resolve) => {
    const received = [];
    socket.subscribe({
      next: (message) => {
        received.push(message);
        onMessage(message);
      },
      error: () => resolve([...received, 'error']),
      complete: () => resolve([...received, 'complete']),
    });
  });

  const withServer = async (connected, program) => {
    const server = serve(connected);
    try {
      return await program(server.url);
    } finally {
      server.stop();
    }
  };
  const echoOnce = (client) => client.onMessage((data) => {
    client.send(data);
    setTimeout(() => client.close(1000));
  });
  const sendAndClose = (code) => (client) => setTimeout(() => {
    client.send('1');
    client.send('2');
    setTimeout(() => client.close(code));
  });

  /** Runs a program with a server that sends 1, until the server has received a Close. */
  const closesAfterOneMessage = async (program) => {
    let closed;
    const seen = new Promise((resolve) => (closed = resolve));
    await withServer((client) => {
      client.onClose(closed);
      setTimeout(() => client.send('1'));
    }, async (url) => {
      await program(url);
      await seen;
    });
  };

  it('the messages of the server, and its close', () => withServer(sendAndClose(1000), async (url) => {
    expect(await ended(webSocket(url))).toEqual([1, 2, 'complete']);
  }));

  it('what is sent before the open', () => withServer(echoOnce, async (url) => {
    const socket = webSocket(url);
    socket.next({ op: 'early' });
    expect(await ended(socket)).toEqual([{ op: 'early' }, 'complete']);
  }));

  it('what is sent when a message comes', () => withServer((client) => {
    echoOnce(client);
    setTimeout(() => client.send('"go"'));
  }, async (url) => {
    const socket = webSocket(url);
    expect(await ended(socket, (message) => message === 'go' && socket.next({ op: 'late' }))).toEqual(['go', { op: 'late' }, 'complete']);
  }));

  it('a close with 4401', () => withServer(sendAndClose(4401), async (url) => {
    expect(await ended(webSocket(url))).toEqual([1, 2, endOf4401]);
  }));

  it('complete() closes', () => closesAfterOneMessage(async (url) => {
    const socket = webSocket(url);
    expect(await ended(socket, () => socket.complete())).toEqual([1, 'complete']);
  }));

  it('the last unsubscribe closes', () => closesAfterOneMessage((url) => {
    const subscription = webSocket(url).subscribe(() => subscription.unsubscribe());
  }));

  it('no server is an error', async () => {
    expect(await ended(webSocket(closedUrl))).toEqual(['error']);
  });

  it('subscribing again makes another connection', () => {
    let connections = 0;
    return withServer((client) => {
      connections++;
      sendAndClose(1000)(client);
    }, async (url) => {
      const socket = webSocket(url);
      expect(await ended(socket)).toEqual([1, 2, 'complete']);
      expect(await ended(socket)).toEqual([1, 2, 'complete']);
      expect(connections).toBe(2);
    });
  });

  it('openObserver and closeObserver', () => withServer(sendAndClose(1000), async (url) => {
    const observed = [];
    const socket = webSocket({
      url,
      openObserver: { next: ({ type }) => observed.push(type) },
      closeObserver: { next: ({ code, wasClean }) => observed.push(code, wasClean) },
    });
    await ended(socket);
    expect(observed).toEqual(['open', 1000, true]);
  }));
};
