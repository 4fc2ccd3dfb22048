// Programs that mock the global WebSocket, as people write them for rxjs/webSocket: on that, and, with only the import changed, on this library.
import { Server, WebSocket as MockWebSocket } from 'mock-socket';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import WS from 'vitest-websocket-mock';
import { webSocket as ours } from 'websocket-subject';
import { webSocket as theirs } from 'rxjs/webSocket';
import { mockSocket } from './mockSocket.cjs';
import { nineTests } from './nineTests.cjs';

beforeEach(() => void vi.spyOn(console, 'error').mockImplementation(() => undefined)); // mock-socket reports there that no server answers
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Subscribes, and resolves with the messages and the terminal. */
const ended = (socket) => new Promise((resolve) => {
  const received = [];
  socket.subscribe({ next: (message) => received.push(message), error: () => resolve([...received, 'error']), complete: () => resolve([...received, 'complete']) });
});

describe.each([['rxjs/webSocket', theirs], ['websocket-subject', ours]])('%s', (_name, webSocket) => {
  describe('a class written by hand, put there by vi.stubGlobal', () => {
    /** It opens, delivers, and closes. */
    const fakeClass = (close) => class Fake {
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

    it('its messages are delivered, and its clean close completes', async () => {
      vi.stubGlobal('WebSocket', fakeClass({ code: 1000, reason: '', wasClean: true }));
      expect(await ended(webSocket('ws://127.0.0.1:9'))).toEqual(['hello', 'complete']);
    });

    it('it is given what is sent', async () => {
      const Fake = fakeClass({ code: 1000, reason: '', wasClean: true });
      vi.stubGlobal('WebSocket', Fake);
      const socket = webSocket('ws://127.0.0.1:9');
      socket.next('early');
      await ended(socket);
      expect(Fake.sent).toEqual(['"early"']);
    });

    it('its drop is an error', async () => {
      vi.stubGlobal('WebSocket', fakeClass({ code: 1006, reason: '', wasClean: false }));
      expect(await ended(webSocket('ws://127.0.0.1:9'))).toEqual(['hello', 'error']);
    });
  });

  describe('mock-socket', () => {
    beforeEach(() => void vi.stubGlobal('WebSocket', MockWebSocket));
    nineTests({ it, expect, webSocket, ...mockSocket((url) => new Server(url, { mock: false }), (server) => server.stop()) });
  });

  describe('mock-socket as WebSocketCtor, with the global class as it is', () => {
    const given = (config) => webSocket({ ...(typeof config === 'string' ? { url: config } : config), WebSocketCtor: MockWebSocket });
    nineTests({ it, expect, webSocket: given, ...mockSocket((url) => new Server(url, { mock: false }), (server) => server.stop()) });
  });

  describe('vitest-websocket-mock', () => {
    // Its servers replace the global class; without one there is nothing to refuse a connection.
    beforeEach(() => void new WS('ws://127.0.0.1:9/other'));
    afterEach(() => WS.clean());
    nineTests({ it, expect, webSocket, ...mockSocket((url) => new WS(url), (server) => server.close()) });
  });
});
