import { WebSocket as UndiciSocket } from 'undici';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebSocketCloseError, WebSocketTimeoutError } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';
import { ours, rxjs, type Library } from './library.js';
import { watchingUncaught } from './watchingUncaught.js';

const server = serverAt(inject('serverUrl'));

describe('defect 1: after a clean close nothing connects again', () => {
  /** Is the subscriber brought back to a server that closes the first connection with this code? */
  async function program({ onceMore }: Library, code: number) {
    const peer = await server.peer({ onOpen: [{ do: 'close', code }] }, { onOpen: [{ do: 'text', text: '"back"' }] });
    const heard = new Heard(onceMore<string>({ url: peer.url }));
    const first = await heard.first;
    heard.subscription.unsubscribe();
    await peer.allGone();
    return { first, connections: await peer.count() };
  }

  it.each([1001, 1011, 1012, 1013, 4401])('a clean %i: rxjs/webSocket completes and its retry never runs; ours comes back', async (code) => {
    expect(await program(rxjs, code)).toEqual({ first: 'complete', connections: 1 });
    expect(await program(ours(), code)).toEqual({ first: 'back', connections: 2 });
  });
});

describe('defect 2: what an unclean end gives is another thing on every runtime, and never an Error', () => {
  /** What does the subscriber get when the server drops the connection, or refuses it? */
  async function program({ webSocket }: Library, WebSocketCtor: unknown, how: 'drop' | 'refuse') {
    const peer = await server.peer(how === 'drop' ? { onOpen: [{ do: 'destroy' }] } : { handshake: { status: 503 } });
    const { error } = await new Heard(webSocket<string>({ url: peer.url, WebSocketCtor })).ended;
    const { type, code } = error as { type?: unknown; code?: unknown };
    return { isError: error instanceof Error, type, code, error };
  }

  it.each([
    ['ws', 'drop', WebSocket, { type: 'close', code: 1006 }],
    ['ws', 'refuse', WebSocket, { type: 'error', code: undefined }],
    ['undici', 'drop', UndiciSocket, { type: 'error', code: undefined }],
    ['undici', 'refuse', UndiciSocket, { type: 'error', code: undefined }],
  ] as const)('on %s after a %s: rxjs/webSocket gives the event that came first, ours a WebSocketCloseError 1006', async (_, how, Ctor, event) => {
    expect(await program(rxjs, Ctor, how)).toMatchObject({ isError: false, ...event });
    const { error, ...rest } = await program(ours(), Ctor, how);
    expect(rest).toMatchObject({ isError: true, code: 1006 });
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(error).toMatchObject({ event: { type: 'close', wasClean: false, opened: how === 'drop' } });
  });
});

describe('defect 3: error() with a close that may not be sent is an uncaught exception, and the socket stays open', () => {
  /** What comes of `error(close)` on an open connection? The server speaks once after it, to tell an open socket from a closed one. */
  const program = ({ webSocket }: Library, close: object) => watchingUncaught(async (uncaught) => {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>({ url: peer.url });
    const heard = new Heard(socket);
    await heard.first;
    socket.error(close);
    await Promise.race([uncaught.first, peer.at(0).gone()]);
    await peer.at(0).text('"still there?"');
    await peer.at(0).close(1000);
    await heard.ended;
    const { closeFrames } = await peer.at(0).gone();
    return { uncaught: uncaught.errors.length, heard, server: closeFrames.map(({ code }) => code) };
  });

  it.each([
    ['code 1005', { code: 1005 }],
    ['code 999', { code: 999 }],
    ['a reason of 124 bytes', { code: 4000, reason: 'x'.repeat(124) }],
  ])('%s: rxjs/webSocket throws where nobody can catch and goes on receiving; ours closes with 1000 and gives the error to its subscribers', async (_, close) => {
    const theirs = await program(rxjs, close);
    // The 1000 that their server reads is the answer to its own.
    expect(theirs).toMatchObject({ uncaught: 1, server: [1000], heard: { values: ['open', 'still there?'], terminal: 'complete' } });

    const own = await program(ours(), close);
    expect(own).toMatchObject({ uncaught: 0, server: [1000], heard: { values: ['open'], terminal: 'error' } });
    expect(own.heard.error).toBe(close);
  });
});

describe("defect 5: whoever subscribes after an unsubscribe while connecting gets the old socket's end", () => {
  /** What is the second subscriber told first? The server echoes. */
  async function program({ webSocket }: Library) {
    const peer = await server.peer({ onMessage: 'echo' });
    const socket = webSocket<string>({ url: peer.url });
    socket.subscribe().unsubscribe();
    const second = new Heard(socket);
    socket.next('for the second');
    const first = await second.first;
    second.subscription.unsubscribe();
    await peer.allGone();
    return first;
  }

  it('rxjs/webSocket completes it; ours serves it', async () => {
    expect(await program(rxjs)).toBe('complete');
    expect(await program(ours())).toBe('for the second');
  });
});

describe('defect 6: closing without a code, which the server reads as 1005', () => {
  /** Which code does the server read in the Close, if there is one in it? */
  async function program({ webSocket }: Library, how: 'complete' | 'unsubscribe') {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>({ url: peer.url });
    const heard = new Heard(socket);
    await heard.first;
    if (how === 'complete') socket.complete();
    else heard.subscription.unsubscribe();
    const { code } = await peer.at(0).closeFrame();
    await peer.at(0).gone();
    return code;
  }

  it.each(['complete', 'unsubscribe'] as const)('%s: rxjs/webSocket sends none; ours sends 1000', async (how) => {
    expect(await program(rxjs, how)).toBeNull();
    expect(await program(ours(), how)).toBe(1000);
  });
});

describe('defect 13: complete() never ends when the peer does not answer the Close', () => {
  /** A subject that was completed, whose server has read the Close and keeps silent. */
  async function program({ webSocket }: Library, WebSocketCtor: unknown) {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }], onClose: 'hold' });
    const socket = webSocket<string>({ url: peer.url, WebSocketCtor });
    const heard = new Heard(socket);
    await heard.first;
    socket.complete();
    await peer.at(0).closeFrame();
    return { heard, peer };
  }

  it.each([
    ['ws', WebSocket],
    ['undici', UndiciSocket],
  ] as const)('on %s: rxjs/webSocket still waits when ours, which began later, has ended with a timeout as cause', async (transport, Ctor) => {
    const theirs = await program(rxjs, Ctor);
    const own = await program(ours({ closeTimeout: 50 }), Ctor);

    const { error } = await own.heard.ended;
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(error).toMatchObject({ code: 1006, event: { initiator: 'local', sent: { code: 1000 } } });
    expect((error as WebSocketCloseError).cause).toBeInstanceOf(WebSocketTimeoutError);
    expect((error as WebSocketCloseError).cause).toMatchObject({ phase: 'close' });
    expect(theirs.heard.terminal).toBeNull();

    // What can be ended without a handshake is; Node's own kind of socket has no means for it, and its TCP connection goes on.
    if (transport === 'ws') await own.peer.at(0).gone();
    else expect((await own.peer.logs())[0]?.gone).toBe(false);

    await theirs.peer.at(0).end();
    await theirs.heard.ended;
    await own.peer.dispose();
  });
});
