import { WebSocket as UndiciSocket } from 'undici';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { WebSocketCloseError, WebSocketTimeoutError } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';
import { ours, rxjs, type Library } from './library.js';
import { recordUncaught } from './recordUncaught.js';

const server = serverAt(inject('serverUrl'));

describe('defect 1: a clean close cannot be retried', () => {
  /** Runs against a server that closes the first connection with this code; returns the first notification and the number of connections. */
  async function closedWith({ reconnectingOnce }: Library, code: number) {
    const peer = await server.peer({ onOpen: [{ do: 'close', code }] }, { onOpen: [{ do: 'text', text: '"reconnected"' }] });
    const recording = new Recording(reconnectingOnce<string>({ url: peer.url }));
    const first = await recording.first;
    recording.subscription.unsubscribe();
    await peer.allGone();
    return { first, connections: await peer.count() };
  }

  it.each([1001, 1011, 1012, 1013, 4401])('a clean %i: rxjs/webSocket completes and retry() never runs; ours reconnects', async (code) => {
    expect(await closedWith(rxjs, code)).toEqual({ first: 'complete', connections: 1 });
    expect(await closedWith(ours(), code)).toEqual({ first: 'reconnected', connections: 2 });
  });
});

describe('defect 2: the error of an unclean end differs between runtimes and is never an Error', () => {
  /** Returns the error that the subscriber gets when the server drops the connection or refuses it. */
  async function errorAfter({ webSocket }: Library, WebSocketCtor: unknown, how: 'drop' | 'refuse') {
    const peer = await server.peer(how === 'drop' ? { onOpen: [{ do: 'destroy' }] } : { handshake: { status: 503 } });
    const { error } = await new Recording(webSocket<string>({ url: peer.url, WebSocketCtor })).ended;
    const { type, code } = error as { type?: unknown; code?: unknown };
    return { isError: error instanceof Error, type, code, error };
  }

  it.each([
    ['ws', 'drop', WebSocket, { type: 'close', code: 1006 }],
    ['ws', 'refuse', WebSocket, { type: 'error', code: undefined }],
    ['undici', 'drop', UndiciSocket, { type: 'error', code: undefined }],
    ['undici', 'refuse', UndiciSocket, { type: 'error', code: undefined }],
  ] as const)('on %s after a %s: rxjs/webSocket emits the first event as the error; ours a WebSocketCloseError 1006', async (_, how, Ctor, event) => {
    expect(await errorAfter(rxjs, Ctor, how)).toMatchObject({ isError: false, ...event });
    const { error, ...rest } = await errorAfter(ours(), Ctor, how);
    expect(rest).toMatchObject({ isError: true, code: 1006 });
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(error).toMatchObject({ event: { type: 'close', wasClean: false, opened: how === 'drop' } });
  });
});

describe('defect 3: error() with a close that may not be sent throws an uncaught exception, and the socket stays open', () => {
  /** Calls `error(close)` on an open connection. The server sends a message after it, which only an open socket receives. */
  const callError = ({ webSocket }: Library, close: object) => recordUncaught(async (uncaught) => {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>({ url: peer.url });
    const recording = new Recording(socket);
    await recording.first;
    socket.error(close);
    await Promise.race([uncaught.first, peer.at(0).gone()]);
    await peer.at(0).text('"still there?"');
    await peer.at(0).close(1000);
    await recording.ended;
    const { closeFrames } = await peer.at(0).gone();
    return { uncaught: uncaught.errors.length, recording, server: closeFrames.map(({ code }) => code) };
  });

  it.each([
    ['code 1005', { code: 1005 }],
    ['code 999', { code: 999 }],
    ['a reason of 124 bytes', { code: 4000, reason: 'x'.repeat(124) }],
  ])('%s: rxjs/webSocket throws an uncaught exception and goes on receiving; ours closes with 1000 and its subscribers get the error', async (_, close) => {
    const theirs = await callError(rxjs, close);
    // The 1000 that the server reads from rxjs/webSocket answers the server's own Close.
    expect(theirs).toMatchObject({ uncaught: 1, server: [1000], recording: { values: ['open', 'still there?'], terminal: 'complete' } });

    const own = await callError(ours(), close);
    expect(own).toMatchObject({ uncaught: 0, server: [1000], recording: { values: ['open'], terminal: 'error' } });
    expect(own.recording.error).toBe(close);
  });
});

describe('defect 5: a subscriber after an unsubscribe while connecting receives the end of the old socket', () => {
  /** Returns the first notification of the second subscriber. The server echoes. */
  async function resubscribe({ webSocket }: Library) {
    const peer = await server.peer({ onMessage: 'echo' });
    const socket = webSocket<string>({ url: peer.url });
    socket.subscribe().unsubscribe();
    const second = new Recording(socket);
    socket.next('for the second');
    const first = await second.first;
    second.subscription.unsubscribe();
    await peer.allGone();
    return first;
  }

  it('rxjs/webSocket completes the second subscriber; ours connects it', async () => {
    expect(await resubscribe(rxjs)).toBe('complete');
    expect(await resubscribe(ours())).toBe('for the second');
  });
});

describe('defect 6: a Close without a code, which the server reads as 1005', () => {
  /** Returns the code in the Close that the server reads; null if there is none. */
  async function codeSent({ webSocket }: Library, how: 'complete' | 'unsubscribe') {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }] });
    const socket = webSocket<string>({ url: peer.url });
    const recording = new Recording(socket);
    await recording.first;
    if (how === 'complete') socket.complete();
    else recording.subscription.unsubscribe();
    const { code } = await peer.at(0).closeFrame();
    await peer.at(0).gone();
    return code;
  }

  it.each(['complete', 'unsubscribe'] as const)('%s: rxjs/webSocket sends no code; ours sends 1000', async (how) => {
    expect(await codeSent(rxjs, how)).toBeNull();
    expect(await codeSent(ours(), how)).toBe(1000);
  });
});

describe('defect 13: complete() never ends if the server does not answer the Close', () => {
  /** Completes a subject whose server reads the Close and does not answer. */
  async function completeUnanswered({ webSocket }: Library, WebSocketCtor: unknown) {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"open"' }], onClose: 'hold' });
    const socket = webSocket<string>({ url: peer.url, WebSocketCtor });
    const recording = new Recording(socket);
    await recording.first;
    socket.complete();
    await peer.at(0).closeFrame();
    return { recording, peer };
  }

  it.each([
    ['ws', WebSocket],
    ['undici', UndiciSocket],
  ] as const)('on %s: ours ends with a timeout as its cause; rxjs/webSocket, which began earlier, still waits', async (transport, Ctor) => {
    const theirs = await completeUnanswered(rxjs, Ctor);
    const own = await completeUnanswered(ours({ closeTimeout: 50 }), Ctor);

    const { error } = await own.recording.ended;
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(error).toMatchObject({ code: 1006, event: { initiator: 'local', sent: { code: 1000 } } });
    expect((error as WebSocketCloseError).cause).toBeInstanceOf(WebSocketTimeoutError);
    expect((error as WebSocketCloseError).cause).toMatchObject({ phase: 'close' });
    expect(theirs.recording.terminal).toBeNull();

    // `ws` is terminated. Node's own socket and undici's have no `terminate()`, so the TCP connection stays open.
    if (transport === 'ws') await own.peer.at(0).gone();
    else expect((await own.peer.logs())[0]?.gone).toBe(false);

    await theirs.peer.at(0).end();
    await theirs.recording.ended;
    await own.peer.dispose();
  });
});
