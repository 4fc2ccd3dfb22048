import { Duplex } from 'node:stream';
import type { ReadableStream as NodeReadableStream, WritableStream as NodeWritableStream } from 'node:stream/web';
import { describe, expectTypeOf, it } from 'vitest';
import {
  iterate,
  toWebStreams,
  webSocket,
  type CleanCloseEvent,
  type PlatformReadableStream,
  type PlatformWritableStream,
  type WebStreams,
} from '../../src/index.js';

type In = { op: 'quote'; price: number };
type Out = { op: 'watch' };

const socket = webSocket<In, Out>('wss://quotes.example.com');

describe('iterate', () => {
  it('yields messages of the incoming type', async () => {
    for await (const message of iterate(socket)) expectTypeOf(message).toEqualTypeOf<In>();
    for await (const message of iterate(socket, { overflow: 'latest' })) expectTypeOf(message).toEqualTypeOf<In>();
    expectTypeOf(iterate(socket)).toEqualTypeOf<AsyncIterableIterator<In>>();
  });

  it('refuses unknown options', () => {
    // @ts-expect-error no such policy
    iterate(socket, { overflow: 'newest' });
    // @ts-expect-error no such option
    iterate(socket, { lowWaterMark: 1 });
    // @ts-expect-error a URL is not a subject
    iterate('wss://quotes.example.com');
  });

  it('takes the place of the iterator that a subject does not have', () => {
    expectTypeOf(socket).not.toExtend<AsyncIterable<In>>();
    expectTypeOf(socket).not.toExtend<AsyncDisposable>();
  });
});

describe('toWebStreams', () => {
  it('returns streams that fit the types of the DOM and those of Node', async () => {
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

  it('infers the types of what is read and of what may be written', async () => {
    const { readable, writable } = toWebStreams(socket);
    const { done, value } = await readable.getReader().read();
    if (!done) expectTypeOf(value).toEqualTypeOf<In>();
    for await (const message of readable) expectTypeOf(message).toEqualTypeOf<In>();
    expectTypeOf(readable.tee()[1]).toEqualTypeOf<PlatformReadableStream<In>>();
    expectTypeOf(readable.pipeThrough(new TransformStream<In, string>())).toEqualTypeOf<ReadableStream<string>>();
    expectTypeOf(writable).toEqualTypeOf<PlatformWritableStream<Out>>();
    await writable.getWriter().write({ op: 'watch' });
    // @ts-expect-error an incoming message may not be sent
    await writable.getWriter().write({ op: 'quote', price: 1 });
  });
});
