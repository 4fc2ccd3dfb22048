import ReconnectingWebSocket, { type CloseEvent as TheirCloseEvent } from 'partysocket/ws';
import { firstValueFrom } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { reconnectOnCode, webSocket, type CloseEvent } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';

const server = serverAt(inject('serverUrl'));

describe('defect 15: partysocket passes an invented close to the decision whether to reconnect', () => {
  /** Returns the close that the callback receives when the server refuses the handshake. */
  async function theirs(url: string) {
    const event = await new Promise<TheirCloseEvent>((resolve) => {
      new ReconnectingWebSocket(url, [], {
        WebSocket,
        shouldReconnectOnClose: (closeEvent) => {
          resolve(closeEvent);
          return false;
        },
      });
    });
    return { code: event.code, wasClean: event.wasClean };
  }

  async function ours(url: string) {
    const asked: CloseEvent[] = [];
    const policy = ({ closeEvent }: { closeEvent: CloseEvent }) => {
      asked.push(closeEvent);
      return null;
    };
    await new Recording(webSocket(url).pipeEvents(reconnectOnCode(policy))).ended;
    return asked.map(({ code, wasClean, opened, cause }) => ({ code, wasClean, opened, cause }));
  }

  it.each([
    ['refuses with a 503', async () => (await server.peer({ handshake: { status: 503 } })).url, '503'],
    ['does not listen', () => server.closedUrl(), 'ECONNREFUSED'],
  ])('a server that %s: partysocket passes a clean 1000; ours passes the 1006 with its cause', async (_, address, message) => {
    expect(await theirs(await address())).toEqual({ code: 1000, wasClean: true });
    expect(await ours(await address())).toEqual([
      { code: 1006, wasClean: false, opened: false, cause: expect.objectContaining({ message: expect.stringContaining(message) }) },
    ]);
  });
});

describe('defect 15: a reason that is too long is ignored, and the connection stays open', () => {
  const long = 'x'.repeat(124);

  it('partysocket reports CLOSED and has sent nothing', async () => {
    const peer = await server.peer({});
    const socket = new ReconnectingWebSocket(peer.url, [], { WebSocket });
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    expect(() => socket.close(1000, long)).not.toThrow();
    expect(socket.readyState).toBe(ReconnectingWebSocket.CLOSED);
    // The client only answers the Close of the server; if it had sent one itself, the server would have read that first.
    await peer.at(0).close(4000, 'are you there?');
    expect((await peer.at(0).gone()).closeFrames).toMatchObject([{ code: 4000, reason: 'are you there?' }]);
    await peer.dispose();
  });

  it('ours throws, stays open, and can be closed afterwards', async () => {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>(peer.url);
    const recording = new Recording(socket);
    await recording.first;
    expect(() => socket.close(1000, long)).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
    expect(await firstValueFrom(socket.status)).toMatchObject({ state: 'open' });
    await peer.at(0).json('still open');
    socket.close(1000, 'short');
    expect((await peer.at(0).gone()).closeFrames).toMatchObject([{ code: 1000, reason: 'short' }]);
    await recording.ended;
    expect(recording.terminal).toBe('complete');
    await peer.dispose();
  });
});
