import { config as rxjsConfig, retry } from 'rxjs';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { DeserializeError, SerializeError } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';
import { ours, rxjs, type Config, type Library, type Subject } from './library.js';
import { recordUncaught } from './recordUncaught.js';

const server = serverAt(inject('serverUrl'));

describe('defect 4: values given to next() are lost', () => {
  /** Returns a subject that sends a last value and completes once open, so that the server has read all values. */
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

  /** Returns the values that reach a server that refuses the first attempt. */
  async function refusedAtFirst(library: Library) {
    const peer = await server.peer({ handshake: { status: 503 } }, {});
    const socket = endingOnceOpen(library, peer.url);
    socket.next('queued');
    await new Recording(socket.pipe(retry(1))).ended;
    return (await peer.at(1).gone()).texts;
  }

  it('a value queued before an attempt that is refused: rxjs/webSocket loses it at the retry; ours sends it', async () => {
    expect(await refusedAtFirst(rxjs)).not.toContain('"queued"');
    expect(await refusedAtFirst(ours())).toEqual(['"queued"', '"the last"']);
  });

  /** Returns the values that reach the server if one is given after complete() and before the next subscription. */
  async function completedBefore(library: Library) {
    const peer = await server.peer({});
    const socket = endingOnceOpen(library, peer.url);
    socket.complete();
    // eslint-disable-next-line rxjs-x/no-redundant-notify -- a WebSocketSubject may be subscribed to again after its completion
    socket.next('x');
    // rxjs/webSocket queues the completion, which ends the first connection; a value after it could only be sent on the second.
    for (let sessions = 0; sessions < 2; sessions++) await new Recording(socket).ended;
    return (await peer.logs()).flatMap(({ texts }) => texts);
  }

  it('a value after complete(): rxjs/webSocket has lost it at the next subscription; ours sends it', async () => {
    expect(await completedBefore(rxjs)).not.toContain('"x"');
    expect(await completedBefore(ours())).toContain('"x"');
  });

  /**
   * Returns the values that reach the server, per connection, if one is sent while the connection is CLOSING. A message and the server's Close
   * arrive together: in the microtask after the message the transport has read the Close and has not ended yet.
   */
  async function sentWhileClosing(library: Library) {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"last words"' }, { do: 'close', code: 1012 }] }, {});
    const socket = endingOnceOpen(library, peer.url, 2);
    socket.subscribe(() => queueMicrotask(() => socket.next('an answer')));
    await new Recording(socket).ended;
    await new Recording(socket).ended;
    await peer.allGone();
    return (await peer.logs()).map(({ texts }) => texts);
  }

  it('a value while CLOSING: rxjs/webSocket drops it silently; ours keeps it for the next connection', async () => {
    expect(await sentWhileClosing(rxjs)).toEqual([[], ['"the last"']]);
    expect(await sentWhileClosing(ours())).toEqual([[], ['"an answer"', '"the last"']]);
  });
});

describe('defect 7: a serializer that throws ends the connection with an unrelated error', () => {
  const refusal = new Error('this value has no wire form');
  const serializer = (value: string): string => {
    if (value === 'bad') throw refusal;
    return value;
  };

  /** Sends three values, one of which cannot be serialised; returns what next() throws, what the subscriber gets and what the server reads. */
  async function sendThree({ webSocket }: Library) {
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
    const recording = await new Recording(socket).ended;
    return { thrown, recording, texts: (await peer.at(0).gone()).texts };
  }

  it('rxjs/webSocket errors with a TypeError about something else and loses the next value; ours throws from the next() of that value', async () => {
    const theirs = await sendThree(rxjs);
    expect(theirs).toMatchObject({ thrown: [], recording: { terminal: 'error' }, texts: ['first'] });
    expect(theirs.recording.error).toBeInstanceOf(TypeError);
    expect(theirs.recording.error).toMatchObject({ message: expect.stringContaining('must be called with an object with an error code') });

    const own = await sendThree(ours());
    expect(own).toMatchObject({ recording: { terminal: 'complete' }, texts: ['first', 'third'] });
    expect(own.thrown).toHaveLength(1);
    expect(own.thrown[0]).toBeInstanceOf(SerializeError);
    expect(own.thrown[0]).toMatchObject({ value: 'bad', cause: refusal });
  });
});

describe('defect 8: one bad frame ends every subscriber', () => {
  afterEach(() => {
    rxjsConfig.onUnhandledError = null;
  });

  /** Returns what two subscribers get of two good frames with a bad one in between. */
  async function receiveThree({ webSocket }: Library) {
    const frames = ['{"n":1}', 'no JSON', '{"n":2}'].map((text) => ({ do: 'text', text }) as const);
    const peer = await server.peer({ onOpen: [...frames, { do: 'close', code: 1000 }] });
    const socket = webSocket<{ n: number }>({ url: peer.url });
    const both = [new Recording(socket), new Recording(socket)];
    await Promise.all(both.map(({ ended }) => ended));
    await peer.allGone();
    return both.map(({ values, terminal, error }) => ({ values: values.map(({ n }) => n), terminal, error }));
  }

  it("rxjs/webSocket ends both with a SyntaxError; ours, with onInvalid: 'drop', drops it and warns", async () => {
    const ended = { values: [1], terminal: 'error', error: expect.any(SyntaxError) };
    expect(await receiveThree(rxjs)).toEqual([ended, ended]);

    const warnings: unknown[] = [];
    rxjsConfig.onUnhandledError = (warning) => warnings.push(warning);
    const completed = { values: [1, 2], terminal: 'complete', error: undefined };
    expect(await receiveThree(ours({ onInvalid: 'drop' }))).toEqual([completed, completed]);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatchObject({ cause: expect.any(DeserializeError) });
  });
});

describe('defect 11: if an observer in the config throws, subscribers get no notification', () => {
  const oops = new Error('a bug in the observer');
  const throwing = {
    next: () => {
      throw oops;
    },
  };

  /** Runs with an observer that throws; returns what happens to the exception, to the queue and to the subscriber. The server echoes, then closes. */
  const runWith = ({ webSocket }: Library, observers: Partial<Config<string>>) => recordUncaught(async (uncaught) => {
    const peer = await server.peer({ onMessage: 'echo' });
    const socket = webSocket<string>({ url: peer.url, ...observers });
    const warnings: unknown[] = [];
    (socket as { warnings?: typeof socket }).warnings?.subscribe((warning) => warnings.push(warning));
    const recording = new Recording(socket);
    socket.next('hello');
    await Promise.race([uncaught.first, recording.first]);
    const beforeTheClose = [...recording.values];
    await peer.at(0).close(1012);
    const { texts } = await peer.at(0).gone();
    await Promise.race([uncaught.first, recording.ended]);
    return { uncaught: uncaught.errors, texts, beforeTheClose, terminal: recording.terminal, warnings };
  });

  it('openObserver: rxjs/webSocket sends no queued value and never notifies the subscriber; ours goes on and warns', async () => {
    expect(await runWith(rxjs, { openObserver: throwing })).toMatchObject({ uncaught: [oops], texts: [], beforeTheClose: [] });
    expect(await runWith(ours(), { openObserver: throwing })).toEqual({
      uncaught: [],
      texts: ['"hello"'],
      beforeTheClose: ['hello'],
      terminal: 'complete',
      warnings: [{ kind: 'callback', callback: 'openObserver', error: oops }],
    });
  });

  it('closeObserver: rxjs/webSocket never ends the subscription; ours completes it and warns', async () => {
    expect(await runWith(rxjs, { closeObserver: throwing })).toMatchObject({ uncaught: [oops], beforeTheClose: ['hello'], terminal: null });
    expect(await runWith(ours(), { closeObserver: throwing })).toEqual({
      uncaught: [],
      texts: ['"hello"'],
      beforeTheClose: ['hello'],
      terminal: 'complete',
      warnings: [{ kind: 'callback', callback: 'closeObserver', error: oops }],
    });
  });
});
