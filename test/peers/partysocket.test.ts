import ReconnectingWebSocket, { type CloseEvent as TheirCloseEvent } from 'partysocket/ws';
import { firstValueFrom } from 'rxjs';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { reconnectOnCode, webSocket, type CloseEvent } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';

const server = serverAt(inject('serverUrl'));

describe('defect 15: the end that partysocket asks about is not the one that happened', () => {
  /** What is the program asked about, when it may decide whether to reconnect and the server refuses the handshake? */
  async function theirs(url: string) {
    const asked = await new Promise<TheirCloseEvent>((resolve) => {
      new ReconnectingWebSocket(url, [], {
        WebSocket,
        shouldReconnectOnClose: (event) => {
          resolve(event);
          return false;
        },
      });
    });
    return { code: asked.code, wasClean: asked.wasClean };
  }

  async function ours(url: string) {
    const asked: CloseEvent[] = [];
    const policy = ({ closeEvent }: { closeEvent: CloseEvent }) => {
      asked.push(closeEvent);
      return null;
    };
    await new Heard(webSocket(url).pipeEvents(reconnectOnCode(policy))).ended;
    return asked.map(({ code, wasClean, opened, cause }) => ({ code, wasClean, opened, cause }));
  }

  it.each([
    ['refuses with a 503', async () => (await server.peer({ handshake: { status: 503 } })).url, '503'],
    ['does not listen', () => server.closedUrl(), 'ECONNREFUSED'],
  ])('a server that %s: partysocket shows an invented clean 1000; ours the 1006 with its cause', async (_, address, why) => {
    expect(await theirs(await address())).toEqual({ code: 1000, wasClean: true });
    expect(await ours(await address())).toEqual([
      { code: 1006, wasClean: false, opened: false, cause: expect.objectContaining({ message: expect.stringContaining(why) }) },
    ]);
  });
});

describe('defect 15: a reason that is too long is swallowed, and the server still has its client', () => {
  const long = 'x'.repeat(124);

  it('partysocket says that it is closed and has sent nothing', async () => {
    const peer = await server.peer({});
    const socket = new ReconnectingWebSocket(peer.url, [], { WebSocket });
    await new Promise((resolve) => socket.addEventListener('open', resolve));
    expect(() => socket.close(1000, long)).not.toThrow();
    expect(socket.readyState).toBe(ReconnectingWebSocket.CLOSED);
    // Had it sent a Close, this would find another one before it: what the server reads is the answer to its own.
    await peer.at(0).close(4000, 'are you there?');
    expect((await peer.at(0).gone()).closeFrames).toMatchObject([{ code: 4000, reason: 'are you there?' }]);
    await peer.dispose();
  });

  it('ours throws, changes nothing, and can be closed after that', async () => {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>(peer.url);
    const heard = new Heard(socket);
    await heard.first;
    expect(() => socket.close(1000, long)).toThrow(expect.objectContaining({ name: 'SyntaxError' }) as Error);
    expect(await firstValueFrom(socket.status)).toMatchObject({ state: 'open' });
    await peer.at(0).json('still heard');
    socket.close(1000, 'short');
    expect((await peer.at(0).gone()).closeFrames).toMatchObject([{ code: 1000, reason: 'short' }]);
    await heard.ended;
    expect(heard.terminal).toBe('complete');
    await peer.dispose();
  });
});
