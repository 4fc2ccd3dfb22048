import { decode, encode } from '@msgpack/msgpack';
import { describe, expectTypeOf, it } from 'vitest';
import { webSocket } from '../../src/index.js';
import type { SerializedData, WebSocketSubject } from '../../src/index.js';

const url = 'wss://quotes.example.com';

describe('SerializedData', () => {
  it('is text, buffers and views', () => {
    expectTypeOf<string>().toExtend<SerializedData>();
    expectTypeOf<ArrayBuffer>().toExtend<SerializedData>();
    expectTypeOf<Uint8Array>().toExtend<SerializedData>();
    expectTypeOf<Uint8Array<ArrayBuffer>>().toExtend<SerializedData>();
    expectTypeOf<Uint8Array<SharedArrayBuffer>>().toExtend<SerializedData>();
    expectTypeOf<Float64Array>().toExtend<SerializedData>();
    expectTypeOf<DataView>().toExtend<SerializedData>();
    expectTypeOf<Buffer>().toExtend<SerializedData>();
  });

  it('is nothing else', () => {
    expectTypeOf<number>().not.toExtend<SerializedData>();
    expectTypeOf<undefined>().not.toExtend<SerializedData>();
    expectTypeOf<number[]>().not.toExtend<SerializedData>();
    expectTypeOf<object>().not.toExtend<SerializedData>();
    expectTypeOf<Blob>().not.toExtend<SerializedData>();
    expectTypeOf<File>().not.toExtend<SerializedData>();
    expectTypeOf<Response>().not.toExtend<SerializedData>();
    expectTypeOf<Buffer[]>().not.toExtend<SerializedData>();
  });
});

describe('a binary config', () => {
  it('takes a serializer that returns any of them, or a union', () => {
    webSocket<Buffer>({ url, serializer: (value) => value });
    webSocket<DataView>({ url, serializer: (value) => value });
    webSocket<unknown, string | Uint8Array>({ url, serializer: (value) => value });
    // @ts-expect-error
    webSocket<number>({ url, serializer: (value) => value });
    // @ts-expect-error reading a Blob takes time: send what its arrayBuffer() gives
    webSocket<Blob>({ url, serializer: (value) => value });
    // @ts-expect-error a promise is not a frame
    webSocket<Blob>({ url, serializer: (value) => value.arrayBuffer() });
  });

  it('takes the standard binaryTypes, and no other', () => {
    webSocket({ url, binaryType: 'blob' });
    webSocket({ url, binaryType: 'arraybuffer' });
    // @ts-expect-error only `ws` has it
    webSocket({ url, binaryType: 'nodebuffer' });
    // @ts-expect-error only `ws` has it
    webSocket({ url, binaryType: 'fragments' });
  });

  it('infers the incoming type from its deserializer', () => {
    type Quote = { symbol: string };
    const socket = webSocket({ url, serializer: (value: Quote) => encode(value), deserializer: ({ data }): Quote => decode(data) as Quote });
    expectTypeOf(socket).toEqualTypeOf<WebSocketSubject<Quote, Quote>>();
    webSocket<ArrayBuffer, Uint8Array>({ url, serializer: (value) => value, deserializer: ({ data }) => data });
    webSocket<Blob>({ url, binaryType: 'blob', deserializer: ({ data }) => data });
  });
});
