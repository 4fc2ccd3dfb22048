import { config as rxjsConfig, retry } from 'rxjs';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { DeserializeError, SerializeError } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';
import { ours, rxjs, type Config, type Library, type Subject } from './library.js';
import { watchingUncaught } from './watchingUncaught.js';

const server = serverAt(inject('serverUrl'));

describe('defect 4: values that next() took are gone', () => {
  /** A subject that, once open, sends a last value and completes, so that the server has seen whatever was to come. */
  function endingOnceOpen({ webSocket }: Library, url: string, connections = 1): Subject<string> {
    let opens = 0;
    const next = (): void => {
      opens++;
      if (opens < connections) return;
      queueMicrotask(() => {
        socket.next('the last');
        socket.complete();
      });
    };
    const socket = webSocket<string>({ url, openObserver: { next } });
    return socket;
  }

  /** Which values reach the server that refuses the first attempt? */
  async function refusedAtFirst(library: Library) {
    const peer = await server.peer({ handshake: { status: 503 } }, {});
    const socket = endingOnceOpen(library, peer.url);
    socket.next('queued');
    await new Heard(socket.pipe(retry(1))).ended;
    return (await peer.at(1).gone()).texts;
  }

  it('a value queued before an attempt that was refused: rxjs/webSocket has lost it at the retry; ours sends it', async () => {
    expect(await refusedAtFirst(rxjs)).not.toContain('"queued"');
    expect(await refusedAtFirst(ours())).toEqual(['"queued"', '"the last"']);
  });

  /** Which values reach the server when the second of two sessions gets one before it is subscribed to? */
  async function completedBefore(library: Library) {
    const peer = await server.peer({});
    const socket = endingOnceOpen(library, peer.url);
    socket.complete();
    // eslint-disable-next-line rxjs-x/no-redundant-notify -- a WebSocketSubject may be subscribed to again after its completion
    socket.next('x');
    // In rxjs/webSocket the completion was kept for the connection to come, which it ends; what completes here is sent by a later one.
    for (let sessions = 0; sessions < 2; sessions++) await new Heard(socket).ended;
    return (await peer.logs()).flatMap(({ texts }) => texts);
  }

  it('a value after a complete(): rxjs/webSocket has lost it when it is subscribed to again; ours sends it', async () => {
    expect(await completedBefore(rxjs)).not.toContain('"x"');
    expect(await completedBefore(ours())).toContain('"x"');
  });

  /**
   * Which values reach the server, connection by connection, when one is sent while the connection is CLOSING? A message and the server's Close
   * arrive together; by the microtask after the message the transport has read the Close too, and has not ended yet.
   */
  async function sentWhileClosing(library: Library) {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"last words"' }, { do: 'close', code: 1012 }] }, {});
    const socket = endingOnceOpen(library, peer.url, 2);
    socket.subscribe(() => queueMicrotask(() => socket.next('an answer')));
    await new Heard(socket).ended;
    await new Heard(socket).ended;
    await peer.allGone();
    return (await peer.logs()).map(({ texts }) => texts);
  }

  it('a value while CLOSING: rxjs/webSocket drops it in silence; ours keeps it for the next connection', async () => {
    expect(await sentWhileClosing(rxjs)).toEqual([[], ['"the last"']]);
    expect(await sentWhileClosing(ours())).toEqual([[], ['"an answer"', '"the last"']]);
  });
});

describe('defect 7: a serializer that throws ends the connection, and another error stands in for its own', () => {
  const refusal = new Error('this value has no wire form');
  const serializer = (value: string): string => {
    if (value === 'bad') throw refusal;
    return value;
  };

  /** What does next() throw, what does the subscriber get, and which values reach the server, when one of three cannot be serialised? */
  async function program({ webSocket }: Library) {
    const peer = await server.peer({});
    const socket = webSocket<string>({ url: peer.url, serializer });
    const thrown: unknown[] = [];
    for (const value of ['first', 'bad', 'third']) {
      try {
        socket.next(value);
      } catch (error) {
        thrown.push(error);
      }
    }
    socket.complete();
    const heard = await new Heard(socket).ended;
    return { thrown, heard, texts: (await peer.at(0).gone()).texts };
  }

  it('rxjs/webSocket gives a TypeError that does not tell of it, and the value behind it is lost; ours throws it from its own next()', async () => {
    const theirs = await program(rxjs);
    expect(theirs).toMatchObject({ thrown: [], heard: { terminal: 'error' }, texts: ['first'] });
    expect(theirs.heard.error).toBeInstanceOf(TypeError);
    expect(theirs.heard.error).toMatchObject({ message: expect.stringContaining('must be called with an object with an error code') });

    const own = await program(ours());
    expect(own).toMatchObject({ heard: { terminal: 'complete' }, texts: ['first', 'third'] });
    expect(own.thrown).toHaveLength(1);
    expect(own.thrown[0]).toBeInstanceOf(SerializeError);
    expect(own.thrown[0]).toMatchObject({ value: 'bad', cause: refusal });
  });
});

describe('defect 8: one bad frame ends every subscriber', () => {
  afterEach(() => {
    rxjsConfig.onUnhandledError = null;
  });

  /** What do two subscribers get of two good frames with a bad one in between? */
  async function program({ webSocket }: Library) {
    const frames = ['{"n":1}', 'no JSON', '{"n":2}'].map((text) => ({ do: 'text', text }) as const);
    const peer = await server.peer({ onOpen: [...frames, { do: 'close', code: 1000 }] });
    const socket = webSocket<{ n: number }>({ url: peer.url });
    const both = [new Heard(socket), new Heard(socket)];
    await Promise.all(both.map(({ ended }) => ended));
    await peer.allGone();
    return both.map(({ values, terminal, error }) => ({ values: values.map(({ n }) => n), terminal, error }));
  }

  it("rxjs/webSocket ends both with a SyntaxError; ours, with onInvalid: 'drop', goes on and warns", async () => {
    const ended = { values: [1], terminal: 'error', error: expect.any(SyntaxError) };
    expect(await program(rxjs)).toEqual([ended, ended]);

    const warnings: unknown[] = [];
    rxjsConfig.onUnhandledError = (warning) => warnings.push(warning);
    const went = { values: [1, 2], terminal: 'complete', error: undefined };
    expect(await program(ours({ onInvalid: 'drop' }))).toEqual([went, went]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ cause: expect.any(DeserializeError) });
  });
});

describe('defect 11: an observer of the config that throws leaves subscribers without any notification', () => {
  const oops = new Error('a bug in the observer');
  const throwing = {
    next: () => {
      throw oops;
    },
  };

  /** What becomes of the exception, of the queue and of the subscriber, when an observer throws? The server echoes, and closes in the end. */
  const program = ({ webSocket }: Library, observers: Partial<Config<string>>) => watchingUncaught(async (uncaught) => {
    const peer = await server.peer({ onMessage: 'echo' });
    const socket = webSocket<string>({ url: peer.url, ...observers });
    const warnings: unknown[] = [];
    (socket as { warnings?: typeof socket }).warnings?.subscribe((warning) => warnings.push(warning));
    const heard = new Heard(socket);
    socket.next('hello');
    await Promise.race([uncaught.first, heard.first]);
    const beforeTheClose = [...heard.values];
    await peer.at(0).close(1012);
    const { texts } = await peer.at(0).gone();
    await Promise.race([uncaught.first, heard.ended]);
    return { uncaught: uncaught.errors, texts, beforeTheClose, terminal: heard.terminal, warnings };
  });

  it('openObserver: rxjs/webSocket sends nothing of its queue and tells the subscriber nothing; ours goes on and warns', async () => {
    expect(await program(rxjs, { openObserver: throwing })).toMatchObject({ uncaught: [oops], texts: [], beforeTheClose: [] });
    expect(await program(ours(), { openObserver: throwing })).toEqual({
      uncaught: [],
      texts: ['"hello"'],
      beforeTheClose: ['hello'],
      terminal: 'complete',
      warnings: [{ kind: 'callback', callback: 'openObserver', error: oops }],
    });
  });

  it('closeObserver: rxjs/webSocket never ends the subscription; ours completes it and warns', async () => {
    expect(await program(rxjs, { closeObserver: throwing })).toMatchObject({ uncaught: [oops], beforeTheClose: ['hello'], terminal: null });
    expect(await program(ours(), { closeObserver: throwing })).toEqual({
      uncaught: [],
      texts: ['"hello"'],
      beforeTheClose: ['hello'],
      terminal: 'complete',
      warnings: [{ kind: 'callback', callback: 'closeObserver', error: oops }],
    });
  });
});
