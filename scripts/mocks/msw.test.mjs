// MSW replaces the global WebSocket by a proxy around it.
import { ws } from 'msw/ws';
import { setupServer } from 'msw/node';
import { webSocket as theirs } from 'rxjs/webSocket';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webSocket as ours } from 'websocket-subject';
import { nineTests } from './nineTests.cjs';

const server = setupServer();
beforeAll(() => server.listen({ onUnhandledRequest: 'bypass' }));
afterAll(() => server.close());

let links = 0;
// On happy-dom's class MSW closes cleanly where no server is, and rxjs/webSocket completes.
const libraries = 'happyDOM' in globalThis ? [] : [['rxjs/webSocket', theirs]];
describe.each([...libraries, ['websocket-subject', ours]])('%s', (_name, webSocket) => {
  nineTests({
    it, expect, webSocket,
    // Not mocked: MSW connects to the real server, which does not exist.
    closedUrl: 'ws://127.0.0.1:9/no-server',
    endOf4401: 'complete',
    serve(connected) {
      const url = `ws://127.0.0.1:9/link/${++links}`;
      server.use(ws.link(url).addEventListener('connection', ({ client }) => connected({
        send: (data) => client.send(data),
        close: (code) => client.close(code),
        onMessage: (listener) => client.addEventListener('message', ({ data }) => listener(data)),
        onClose: (listener) => client.addEventListener('close', listener),
      })));
      return { url, stop: () => server.resetHandlers() };
    },
  });
});
