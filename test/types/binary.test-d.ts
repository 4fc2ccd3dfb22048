import { decode, encode } from '@msgpack/msgpack';
import { describe, expectTypeOf, it } from 'vitest';
import { webSocket } from '../../src/index.js';
import type { BlobLike, SerializedData, WebSocketSubject } from '../../src/index.js';

const url = 'wss://quotes.example.com';

describe('SerializedData', () => {
  it('is text, buffers, views and Blobs', () => {
    expectTypeOf<string>().toExtend<SerializedData>();
    expectTypeOf<ArrayBuffer>().toExtend<SerializedData>();
    expectTypeOf<Uint8Array>().toExtend<SerializedData>();
    expectTypeOf<Uint8Array<ArrayBuffer>>().toExtend<SerializedData>();
    expectTypeOf<Uint8Array<SharedArrayBuffer>>().toExtend<SerializedData>();
    expectTypeOf<Float64Array>().toExtend<SerializedData>();
    expectTypeOf<DataView>().toExtend<SerializedData>();
    expectTypeOf<Buffer>().toExtend<SerializedData>();
    expectTypeOf<Blob>().toExtend<SerializedData>();
    expectTypeOf<File>().toExtend<SerializedData>();
    expectTypeOf<Blob>().toExtend<BlobLike>();
  });

  it('is nothing else', () => {
    expectTypeOf<number>().not.toExtend<SerializedData>();
    expectTypeOf<undefined>().not.toExtend<SerializedData>();
    expectTypeOf<number[]>().not.toExtend<SerializedData>();
    expectTypeOf<object>().not.toExtend<SerializedData>();
    expectTypeOf<Response>().not.toExtend<SerializedData>();
    expectTypeOf<Buffer[]>().not.toExtend<SerializedData>();
  });
});

describe('a binary config', () => {
  it('takes a serializer that gives any of them, or several', () => {
    webSocket<Buffer>({ url, serializer: (value) => value });
    webSocket<DataView>({ url, serializer: (value) => value });
    webSocket<File>({ url, serializer: (value) => value });
    webSocket<unknown, string | Uint8Array | Blob>({ url, serializer: (value) => value });
    // @ts-expect-error
    webSocket<number>({ url, serializer: (value) => value });
    // @ts-expect-error read it first
    webSocket<Blob>({ url, serializer: (value) => value.arrayBuffer() });
  });

  it('takes the standard binaryTypes, and no other', () => {
    webSocket({ url, binaryType: 'blob' });
    webSocket({ url, binaryType: 'arraybuffer' });
    // @ts-expect-error of ws alone
    webSocket({ url, binaryType: 'nodebuffer' });
    // @ts-expect-error of ws alone
    webSocket({ url, binaryType: 'fragments' });
  });

  it('says by its deserializer what comes', () => {
    type Quote = { symbol: string };
    const socket = webSocket({ url, serializer: (value: Quote) => encode(value), deserializer: ({ data }): Quote => decode(data) as Quote });
    expectTypeOf(socket).toEqualTypeOf<WebSocketSubject<Quote, Quote>>();
    webSocket<ArrayBuffer, Uint8Array>({ url, serializer: (value) => value, deserializer: ({ data }) => data });
    webSocket<Blob>({ url, binaryType: 'blob', deserializer: ({ data }) => data });
  });
});
