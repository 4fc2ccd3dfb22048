import { Duplex } from 'node:stream';
import type { ReadableStream as NodeReadableStream, WritableStream as NodeWritableStream } from 'node:stream/web';
import { describe, expectTypeOf, it } from 'vitest';
import { toWebStreams, webSocket, type CleanCloseEvent, type PlatformReadableStream, type PlatformWritableStream, type WebStreams } from '../../src/index.js';

type In = { op: 'quote'; price: number };
type Out = { op: 'watch' };

describe('pulling', () => {
  const socket = webSocket<In, Out>('wss://quotes.example.com');

  it('gives messages of the type that comes in', async () => {
    for await (const message of socket) expectTypeOf(message).toEqualTypeOf<In>();
    for await (const message of socket.iterate({ overflow: 'latest' })) expectTypeOf(message).toEqualTypeOf<In>();
    expectTypeOf(socket).toExtend<AsyncIterable<In>>();
    // @ts-expect-error no such policy
    socket.iterate({ overflow: 'newest' });
    // @ts-expect-error no such option
    socket.iterate({ lowWaterMark: 1 });
  });

  it('lets a subject be disposed of where the libs have the symbol', async () => {
    expectTypeOf(socket).toExtend<AsyncDisposable>();
    await using owned = socket.pipeEvents();
    expectTypeOf(owned).toEqualTypeOf(socket);
  });

  it('gives streams that fit those of the DOM and those of Node', async () => {
    const streams = toWebStreams(socket);
    expectTypeOf(streams).toEqualTypeOf<WebStreams<In, Out>>();
    expectTypeOf(streams.closed).toEqualTypeOf<Promise<CleanCloseEvent>>();
    const readable: ReadableStream<In> = streams.readable;
    const writable: WritableStream<Out> = streams.writable;
    const pair: ReadableWritablePair<In, Out> = streams;
    expectTypeOf([readable, writable, pair]).toBeArray();
    expectTypeOf(Duplex.fromWeb(streams, { objectMode: true })).toEqualTypeOf<Duplex>();
    const web: { readable: NodeReadableStream<In>; writable: NodeWritableStream<Out> } = streams;
    expectTypeOf(web).toBeObject();
    await readable.pipeTo(new WritableStream<In>());
  });

  it('knows what is read and what may be written', async () => {
    const { readable, writable } = toWebStreams(socket);
    const { done, value } = await readable.getReader().read();
    if (!done) expectTypeOf(value).toEqualTypeOf<In>();
    for await (const message of readable) expectTypeOf(message).toEqualTypeOf<In>();
    expectTypeOf(readable.tee()[1]).toEqualTypeOf<PlatformReadableStream<In>>();
    expectTypeOf(readable.pipeThrough(new TransformStream<In, string>())).toEqualTypeOf<ReadableStream<string>>();
    expectTypeOf(writable).toEqualTypeOf<PlatformWritableStream<Out>>();
    await writable.getWriter().write({ op: 'watch' });
    // @ts-expect-error what comes in does not go out
    await writable.getWriter().write({ op: 'quote', price: 1 });
  });
});
