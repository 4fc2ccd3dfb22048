import { Duplex, PassThrough, Readable, Transform, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { iterate, toWebStreams, webSocket, WebSocketCloseError, type WebSocketSubject } from '../../src/index.js';
import { watchUncaught } from '../conformance/suite/uncaught.js';
import { localServer } from '../server/localServer.js';

const upTo = (count: number): number[] => [...Array(count).keys()];
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A slow last stage that collects its values. */
function collector(): { sink: Writable; taken: number[] } {
  const taken: number[] = [];
  const sink = new Writable({
    objectMode: true,
    highWaterMark: 1,
    write: (value: number, _encoding, done) => {
      taken.push(value);
      setImmediate(done);
    },
  });
  return { sink, taken };
}

describe("Duplex.fromWeb in Node's pipeline", { timeout: 30_000 }, () => {
  const local = localServer();
  const subject = (): WebSocketSubject<number> => webSocket<number>(local.url);
  const serve = (peer: (socket: WebSocket) => void): void => void local.server.on('connection', peer);
  const heard = (): Promise<{ values: number[]; code: number }> =>
    new Promise((resolve) => {
      serve((peer) => {
        const values: number[] = [];
        peer.on('message', (data) => values.push(Number(data)));
        peer.on('close', (code) => resolve({ values, code }));
      });
    });

  it('S2: reads all messages to a clean end, as the first stage', async () => {
    serve((peer) => {
      for (const value of upTo(2_000)) peer.send(String(value));
      peer.close(1000);
    });
    const { sink, taken } = collector();
    const double = new Transform({ objectMode: true, transform: (value: number, _encoding, done) => done(null, value * 2) });
    await pipeline(Duplex.fromWeb(toWebStreams(subject()), { objectMode: true, highWaterMark: 1 }), double, sink);
    expect(taken).toEqual(upTo(2_000).map((value) => value * 2));
  });

  it('S13: writes all values, then Close 1000, as the last stage', async () => {
    const server = heard();
    await pipeline(Readable.from(upTo(2_000)), Duplex.fromWeb(toWebStreams(subject()), { objectMode: true, highWaterMark: 1 }));
    expect(await server).toEqual({ values: upTo(2_000), code: 1000 });
  });

  it('S2: talks, as a stage in the middle: the source ends when the conversation has', async () => {
    serve((peer) => {
      peer.on('message', (data) => {
        peer.send(String(data));
        if (Number(data) === 999) peer.close(1000);
      });
    });
    const streams = toWebStreams(subject());
    async function* questions(): AsyncGenerator<number> {
      yield* upTo(1_000);
      await streams.closed;
    }
    const { sink, taken } = collector();
    await pipeline(questions, Duplex.fromWeb(streams, { objectMode: true, highWaterMark: 1 }), sink);
    expect(taken).toEqual(upTo(1_000));
  });

  it('S2: with allowHalfOpen: false, rejects when the server closes before the source has ended', async () => {
    serve((peer) => {
      peer.on('message', () => {
        peer.send('2');
        peer.close(1000);
      });
    });
    const endless = new PassThrough({ objectMode: true, highWaterMark: 1 });
    endless.write(1);
    const { sink, taken } = collector();
    const duplex = Duplex.fromWeb(toWebStreams(subject()), { objectMode: true, highWaterMark: 1, allowHalfOpen: false });
    await expect(pipeline(endless, duplex, sink)).rejects.toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' });
    expect(taken).toEqual([2]);
  });

  it('S2: rejects with the WebSocketCloseError of an unclean end', async () => {
    serve((peer) => {
      peer.send('1');
      peer.on('message', () => peer.terminate());
    });
    const socket = subject();
    socket.next(0);
    const { sink } = collector();
    const error = await pipeline(Duplex.fromWeb(toWebStreams(socket), { objectMode: true, highWaterMark: 1 }), sink).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(WebSocketCloseError);
    expect(error).toMatchObject({ code: 1006 });
  });

  it('S5: ends the session when another stage fails', async () => {
    const server = heard();
    const failing = new Writable({ objectMode: true, write: (_value, _encoding, done) => done(new Error('disk full')) });
    const socket = subject();
    const errors: unknown[] = [];
    socket.subscribe({ error: (error: unknown) => errors.push(error) });
    const echo = new Promise<void>((resolve) => serve((peer) => {
      peer.send('1');
      peer.on('close', () => resolve());
    }));
    await expect(pipeline(Duplex.fromWeb(toWebStreams(socket), { objectMode: true, highWaterMark: 1 }), failing)).rejects.toThrow('disk full');
    await echo;
    expect((await server).code).toBe(1000);
    await turn();
    expect(errors).toEqual([expect.objectContaining({ message: 'disk full' })]);
  });

  const failures: Record<string, (peer: WebSocket, abort: () => void) => void> = {
    'the server cuts it': (peer) => peer.terminate(),
    'the server closes it': (peer) => {
      peer.close(1012);
      peer.resume();
    },
    'the pipeline is aborted': (_, abort) => abort(),
  };
  it.each(Object.entries(failures))('S16: rejects when values wait, and leaves no rejection unhandled: %s', async (_, fail) => {
    const uncaught = watchUncaught();
    const accepted = new Promise<WebSocket>((resolve) => serve((peer) => {
      peer.pause();
      resolve(peer);
    }));
    const socket = webSocket<never, Uint8Array>({ url: local.url, serializer: (bytes) => bytes, closeTimeout: 100 });
    const aborting = new AbortController();
    const source = Readable.from(upTo(1_000).map(() => new Uint8Array(65_536)));
    const duplex = Duplex.fromWeb(toWebStreams(socket, { pause: false, overflow: 'latest' }), { objectMode: true, highWaterMark: 1 });
    const done = pipeline(source, duplex, { signal: aborting.signal });
    void firstValueFrom(socket.status.pipe(filter(({ queued }) => queued > 0))).then(async () => fail(await accepted, () => aborting.abort()));
    await expect(done).rejects.toThrow();
    await firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'closed')));
    await turn();
    expect(uncaught.stop()).toEqual([]);
  });

  it('S14: rejects for a value that cannot be sent, and ends the session', async () => {
    const uncaught = watchUncaught();
    const server = heard();
    const socket = webSocket<number, number | bigint>(local.url);
    await expect(pipeline(Readable.from([1, 2n, 3]), Duplex.fromWeb(toWebStreams(socket), { objectMode: true, highWaterMark: 1 }))).rejects.toMatchObject({ name: 'SerializeError' });
    expect(await server).toEqual({ values: [1], code: 1000 });
    expect(uncaught.stop()).toEqual([]);
  });

  it('S9: is closed by leaving a loop over it', async () => {
    const server = heard();
    serve((peer) => {
      for (const value of upTo(100)) peer.send(String(value));
    });
    for await (const value of Duplex.fromWeb(toWebStreams(subject()), { objectMode: true, highWaterMark: 1 })) if (value === 5) break;
    expect((await server).code).toBe(1000);
  });

  it('S2: of the subject itself, by Readable.from', async () => {
    serve((peer) => {
      for (const value of upTo(2_000)) peer.send(String(value));
      peer.close(1000);
    });
    const { sink, taken } = collector();
    await pipeline(Readable.from(iterate(subject())), sink);
    expect(taken).toEqual(upTo(2_000));
  });

  it('S2: and of the streams of the platform alone, by pipeThrough and pipeTo', async () => {
    const server = heard();
    serve((peer) => {
      for (const value of upTo(100)) peer.send(String(value));
      peer.close(1000);
    });
    const { readable } = toWebStreams(subject());
    const taken: number[] = [];
    await readable
      .pipeThrough(new TransformStream<number, number>({ transform: (value, controller) => controller.enqueue(value * 2) }))
      .pipeTo(new WritableStream<number>({ write: (value) => void taken.push(value) }));
    expect(taken).toEqual(upTo(100).map((value) => value * 2));
    expect((await server).code).toBe(1000);
  });
});
