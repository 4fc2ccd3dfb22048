// Servers of mock-socket, and of jest-websocket-mock and vitest-websocket-mock, which stand on it: while one lives, it replaces the global WebSocket.
let servers = 0;

/** `make(url)` starts one, and `end(server)` stops it. */
module.exports.mockSocket = (make, end) => ({
  // A port that a real server never has.
  closedUrl: 'ws://127.0.0.1:9/no-server',
  endOf4401: 'error',
  serve(connected) {
    const url = `ws://127.0.0.1:9/${++servers}`;
    const server = make(url);
    server.on('connection', (client) => connected({
      send: (data) => client.send(data),
      close: (code) => client.close({ code, reason: '', wasClean: true }),
      onMessage: (listener) => client.on('message', listener),
      onClose: (listener) => client.on('close', listener),
    }));
    return { url, stop: () => end(server) };
  },
});
