import { connect } from 'node:net';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Behaviour } from './protocol.js';
import { serverAt, type Peer } from './serverAt.js';
import { startWireServer } from './WireServer.js';

const server = serverAt(inject('serverUrl'));
const peers: Peer[] = [];

afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.dispose();
});

async function made(...behaviours: Behaviour[]): Promise<Peer> {
  const peer = await server.peer(...behaviours);
  peers.push(peer);
  return peer;
}

interface Client {
  socket: WebSocket;
  said: string[];
  opened: Promise<void>;
  /** `code reason`, or what the error said. */
  ended: Promise<string>;
}

function client(url: string, protocols: string[] = []): Client {
  const socket = new WebSocket(url, protocols);
  const said: string[] = [];
  socket.on('message', (data: Buffer) => said.push(data.toString()));
  const ended = new Promise<string>((resolve) => {
    let error = '';
    socket.on('error', ({ message }) => (error = ` (${message})`));
    socket.on('close', (code, reason) => resolve(`${code} ${reason.toString()}${error}`));
  });
  return { socket, said, ended, opened: new Promise((resolve) => socket.on('open', resolve)) };
}

describe('the opening handshake', () => {
  it('is accepted with the first subprotocol offered, and logged', async () => {
    const peer = await made();
    const { socket, opened } = client(`${peer.url}?token=1`, ['a', 'b']);
    await opened;
    expect(socket.protocol).toBe('a');
    const log = await peer.at(0).opened();
    expect(log.protocols).toEqual(['a', 'b']);
    expect(log.path).toMatch(/\?token=1$/);
    expect(log.headers['upgrade']).toBe('websocket');
  });

  it.each([
    [{ status: 404 }, 'Unexpected server response: 404'],
    [{ status: 301 }, 'Unexpected server response: 301'],
    ['drop', 'socket hang up'],
    ['garbage', 'Parse Error'],
    ['bad-accept', 'Invalid Sec-WebSocket-Accept header'],
    ['unasked-extension', 'Server sent a Sec-WebSocket-Extensions header but no extension was requested'],
    [{ protocol: 'b' }, 'Server sent an invalid subprotocol'],
    [{ protocol: null }, 'Server sent no subprotocol'],
  ] as const)('fails when it is %j', async (handshake, message) => {
    const peer = await made({ handshake });
    const socket = new WebSocket(peer.url, ['a'], { perMessageDeflate: false });
    const error = await new Promise<Error>((resolve) => socket.on('error', resolve));
    expect(error.message).toContain(message);
  });

  it('waits for the test when it is held', async () => {
    const peer = await made({ handshake: 'hold' });
    const { socket, opened } = client(peer.url);
    expect((await peer.at(0).requested()).opened).toBe(false);
    expect(socket.readyState).toBe(WebSocket.CONNECTING);
    await peer.at(0).answerHandshake();
    await opened;
    expect((await peer.at(0).opened()).opened).toBe(true);
  });

  it('differs from connection to connection, and the last behaviour goes for the rest', async () => {
    const peer = await made({ handshake: { status: 503 } }, {});
    expect(await client(peer.url).ended).toMatch(/503/);
    await client(peer.url).opened;
    await client(peer.url).opened;
    expect((await peer.logs()).map(({ opened }) => opened)).toEqual([false, true, true]);
  });

  it('is refused by the closed address', async () => {
    expect(await client(await server.closedUrl()).ended).toMatch(/ECONNREFUSED/);
  });

  it('may be followed by frames and the end in one packet', async () => {
    const peer = await made({ onOpen: [{ do: 'text', text: 'hello' }, { do: 'close', code: 1001, reason: 'PASS' }, { do: 'fin' }] });
    const { said, ended } = client(peer.url);
    expect(await ended).toBe('1001 PASS');
    expect(said).toEqual(['hello']);
  });
});

describe('messages', () => {
  it('are logged as text or as bytes', async () => {
    const peer = await made();
    const { socket, opened } = client(peer.url);
    await opened;
    socket.send('one');
    socket.send('f'.repeat(70_000));
    socket.send(Buffer.from([1, 255]));
    expect((await peer.at(0).texts(2)).map(({ length }) => length)).toEqual([3, 70_000]);
    expect(await peer.at(0).binaries(1)).toEqual(['01ff']);
  });

  it('come back from an echo, and fragments come back whole', async () => {
    const peer = await made({ onMessage: 'echo' });
    const { socket, opened } = client(peer.url);
    await opened;
    const answer = new Promise<Buffer>((resolve) => socket.on('message', resolve));
    socket.send('he', { fin: false });
    socket.send('llo', { fin: true });
    expect((await answer).toString()).toBe('hello');
  });

  it('are answered by nothing but what the test sends', async () => {
    const peer = await made();
    const { socket, said, opened, ended } = client(peer.url);
    await opened;
    socket.send('one');
    await peer.at(0).texts(1);
    await peer.at(0).json({ two: 2 });
    await peer.at(0).close(1000);
    await ended;
    expect(said).toEqual(['{"two":2}']);
  });
});

describe('a Close of the client', () => {
  it('is logged byte for byte and echoed', async () => {
    const peer = await made();
    const { socket, opened, ended } = client(peer.url);
    await opened;
    socket.close(4001, 'bye');
    expect(await ended).toBe('4001 bye');
    expect(await peer.at(0).closeFrame()).toEqual({ code: 4001, reason: 'bye', bytes: '0fa1627965' });
    expect(await peer.at(0).gone()).toMatchObject({ gone: true, faults: [] });
  });

  it('without a code is logged as an empty body', async () => {
    const peer = await made();
    const { socket, opened, ended } = client(peer.url);
    await opened;
    socket.close();
    expect(await ended).toBe('1005 ');
    expect(await peer.at(0).closeFrame()).toEqual({ code: null, reason: '', bytes: '' });
  });

  it.each([
    ['destroy', '1006 '],
    [{ code: 4222, reason: 'remote' }, '4222 remote'],
    [{ code: null }, '1005 '],
  ] as const)('can be answered with %j', async (onClose, expected) => {
    const peer = await made({ onClose });
    const { socket, opened, ended } = client(peer.url);
    await opened;
    socket.close(4111);
    expect(await ended).toBe(expected);
  });

  it('waits for the test when it is held', async () => {
    const peer = await made({ onClose: 'hold' });
    const { socket, opened, ended } = client(peer.url);
    await opened;
    socket.close(4111);
    await peer.at(0).closeFrame();
    expect(socket.readyState).toBe(WebSocket.CLOSING);
    await peer.at(0).answerClose();
    expect(await ended).toBe('4111 ');
  });
});

describe('the server', () => {
  it.each([
    [1012, 'restart', '1012 restart'],
    [null, '', '1005 '],
    [999, '', '1006  (Invalid WebSocket frame: invalid status code 999)'],
    [65_535, '', '1006  (Invalid WebSocket frame: invalid status code 65535)'],
  ])('closes with %s', async (code, reason, expected) => {
    const peer = await made();
    const { opened, ended } = client(peer.url);
    await opened;
    await peer.at(0).close(code, reason);
    expect(await ended).toBe(expected);
    await peer.at(0).gone();
  });

  it.each([
    ['a Close body of one byte', { do: 'frame', opcode: 8, payload: '03' }, 'invalid payload length 1'],
    ['a reason that is no UTF-8', { do: 'frame', opcode: 8, payload: '03e8ff' }, 'invalid UTF-8'],
    ['a reserved opcode', { do: 'frame', opcode: 3, payload: '' }, 'invalid opcode 3'],
    ['text that is no UTF-8', { do: 'frame', opcode: 1, payload: 'ff' }, 'invalid UTF-8'],
    ['raw bytes', { do: 'raw', bytes: 'ff00' }, 'RSV2 and RSV3 must be clear'],
  ] as const)('sends %s', async (_, action, message) => {
    const peer = await made();
    const { opened, ended } = client(peer.url);
    await opened;
    await peer.at(0).do(action);
    expect(await ended).toContain(message);
  });

  it.each(['destroy', 'reset', 'fin'] as const)('ends the TCP connection by %s', async (how) => {
    const peer = await made();
    const { opened, ended } = client(peer.url);
    await opened;
    await peer.at(0).end(how);
    expect(await ended).toMatch(/^1006/);
    await peer.allGone();
  });

  it('knows how many connections were alive at once', async () => {
    const peer = await made({ onClose: 'hold' });
    for (const expected of [1, 2, 2]) {
      const { socket, opened } = client(peer.url);
      await opened;
      expect(await peer.mostAlive()).toBe(expected);
      if (expected === 2) socket.close(1000);
      if (expected === 2) await peer.at((await peer.count()) - 1).closeFrame();
    }
  });

  it('notes what no client may do', async () => {
    const peer = await made();
    const { hostname, port, pathname } = new URL(peer.url);
    const raw = connect(Number(port), hostname);
    raw.write(`GET ${pathname} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\n\r\n`);
    await peer.at(0).opened();
    raw.write(Buffer.from('c10161' + '880103', 'hex'));
    await peer.at(0).closeFrame();
    raw.destroy();
    expect((await peer.at(0).gone()).faults).toEqual(['unmasked frame', 'reserved bit', 'unmasked frame', 'a Close body of one byte']);
  });

  it('answers a page from elsewhere', async () => {
    const answer = await fetch(`${inject('serverUrl')}/control`, { method: 'OPTIONS' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-private-network')).toBe('true');
  });

  it('says what went wrong', async () => {
    const peer = await made();
    await expect(peer.at(7).text('x')).rejects.toThrow('there is no connection 7');
    const waiting = peer.at(0).gone();
    await peer.dispose();
    await expect(waiting).rejects.toThrow('disposed');
    await expect(peer.logs()).rejects.toThrow('no such peer');
  });

  it('stops at once, with connections open and a handshake held', async () => {
    const own = await startWireServer();
    const peer = await serverAt(own.url).peer({}, { handshake: 'hold' });
    const { opened, ended } = client(peer.url);
    await opened;
    const second = client(peer.url);
    await peer.at(1).requested();
    await own.close();
    expect(await ended).toMatch(/^1006/);
    expect(await second.ended).toMatch(/^1006/);
  });
});

describe('the proxy in front of a peer', () => {
  it('forwards both ways, and ends', async () => {
    const peer = await made({ onMessage: 'echo' });
    const { socket, said, opened, ended } = client(await peer.proxied());
    await opened;
    socket.send('through');
    await peer.at(0).texts(1);
    await peer.at(0).close(4000, 'enough');
    expect([await ended, said]).toEqual(['4000 enough', ['through']]);
    await peer.at(0).gone();
  });

  it('forwards nothing once it has stalled, not even an end, from neither side', async () => {
    const peer = await made({ onMessage: 'echo' });
    const url = await peer.proxied();
    const [kept, left] = [client(url), client(url)];
    await kept.opened;
    await left.opened;
    await peer.stall();
    kept.socket.send('lost');
    left.socket.terminate();
    await peer.at(0).end();
    await left.ended;

    // A later connection is forwarded: what the others said and did before it would have come through by now.
    const later = client(url);
    await later.opened;
    later.socket.send('heard');
    expect(await peer.at(2).texts(1)).toEqual(['heard']);
    expect((await peer.logs()).map(({ texts, gone }) => ({ texts, gone }))).toEqual([
      { texts: [], gone: true }, // the server's own doing
      { texts: [], gone: false },
      { texts: ['heard'], gone: false },
    ]);
    expect([kept.socket.readyState, kept.said]).toEqual([WebSocket.OPEN, []]);
    await peer.dispose();
    await kept.ended;
  });
});
