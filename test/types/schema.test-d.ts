import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { reconnectOnCode, SchemaError, webSocket, WebSocketSubject } from '../../src/index.js';
import type { SchemaConfig, SocketEvent, StandardSchema, WebSocketSubjectConfig } from '../../src/index.js';

const url = 'wss://quotes.example.com';
const Incoming = z.union([
  z.object({ op: z.literal('quote'), at: z.string().transform((text) => new Date(text)) }),
  z.object({ op: z.literal('pong') }),
]);
type In = { op: 'quote'; at: Date } | { op: 'pong' };
type Out = { op: 'watch'; symbol: string } | { op: 'ping' };
declare const byHand: StandardSchema<number>;
/** As a decoder of binary messages gives it. */
declare function decode(data: Uint8Array): unknown;

describe('the type of what comes in', () => {
  it('is what the schema gives, not what it takes', () => {
    expectTypeOf(webSocket({ url, schema: Incoming })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(webSocket({ url, schema: byHand })).toEqualTypeOf<WebSocketSubject<number>>();
    expectTypeOf(new WebSocketSubject({ url, schema: Incoming })).toEqualTypeOf<WebSocketSubject<In>>();
  });

  it('is not widened', () => {
    expectTypeOf(webSocket({ url, schema: z.literal('a') })).toEqualTypeOf<WebSocketSubject<'a'>>();
    expectTypeOf(webSocket({ url, schema: z.enum(['a', 'b']) })).toEqualTypeOf<WebSocketSubject<'a' | 'b'>>();
    expectTypeOf(webSocket({ url, schema: z.string().optional() })).toEqualTypeOf<WebSocketSubject<string | undefined>>();
    expectTypeOf(webSocket({ url, schema: z.boolean() })).toEqualTypeOf<WebSocketSubject<boolean>>();
    expectTypeOf(webSocket({ url, schema: z.unknown() })).toEqualTypeOf<WebSocketSubject<unknown>>();
    expectTypeOf(webSocket({ url, schema: z.any() })).toEqualTypeOf<WebSocketSubject<any>>();
  });

  it('does not depend on the deserializer, which reads for the schema', () => {
    expectTypeOf(webSocket({ url, schema: Incoming, deserializer: ({ data }) => decode(data) })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(webSocket({ url, schema: Incoming, deserializer: ({ data }) => ({ raw: String(data) }) })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(webSocket({ url, schema: Incoming, deserializer: ({ data }) => data })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(new WebSocketSubject({ url, schema: Incoming, deserializer: (): unknown => 1 })).toEqualTypeOf<WebSocketSubject<In>>();
  });

  it('reaches events, operators and multiplex', () => {
    const socket = webSocket({ url, schema: Incoming });
    expectTypeOf(socket.events).toEqualTypeOf<Observable<SocketEvent<In>>>();
    expectTypeOf(socket.pipeEvents(reconnectOnCode())).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(socket.multiplex(() => 1, () => 1, ({ op }) => op === 'pong')).toEqualTypeOf<Observable<In>>();
  });
});

describe('the type of what goes out', () => {
  it('is that of what comes in, unless something else is said', () => {
    webSocket({ url, schema: byHand }).next(1);
    // @ts-expect-error
    webSocket({ url, schema: byHand }).next('1');
    expectTypeOf(webSocket({ url, schema: byHand, serializer: (value) => value.toFixed() })).toEqualTypeOf<WebSocketSubject<number>>();
  });

  it('is what the serializer takes, where that is declared', () => {
    const socket = webSocket({ url, schema: Incoming, serializer: (value: Out) => JSON.stringify(value) });
    expectTypeOf(socket).toEqualTypeOf<WebSocketSubject<In, Out>>();
    socket.next({ op: 'ping' });
    // @ts-expect-error what comes in is not what goes out
    socket.next({ op: 'pong' });
    expectTypeOf(
      webSocket({ url, schema: Incoming, deserializer: ({ data }) => decode(data), serializer: (value: Out) => JSON.stringify(value) }),
    ).toEqualTypeOf<WebSocketSubject<In, Out>>();
  });

  it('is what is written: both type arguments, or the type of the variable', () => {
    expectTypeOf(webSocket<z.infer<typeof Incoming>, Out>({ url, schema: Incoming })).toEqualTypeOf<WebSocketSubject<In, Out>>();
    expectTypeOf(new WebSocketSubject<In, Out>({ url, schema: Incoming, deserializer: ({ data }) => decode(data) })).toEqualTypeOf<
      WebSocketSubject<In, Out>
    >();
    const socket: WebSocketSubject<In, Out> = webSocket({ url, schema: Incoming });
    socket.next({ op: 'ping' });
  });
});

describe('a config', () => {
  it('with a schema may be built beforehand', () => {
    const config: SchemaConfig<In, Out> = { url, schema: Incoming, deserializer: ({ data }) => decode(data) };
    expectTypeOf(webSocket(config)).toEqualTypeOf<WebSocketSubject<In, Out>>();
    const inferred = { url, schema: Incoming, deserializer: ({ data }: { data: Uint8Array }) => decode(data) };
    expectTypeOf(webSocket(inferred)).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf<{ url: string }>().not.toExtend<SchemaConfig<In>>();
    expectTypeOf<{ url: string; schema: typeof Incoming }>().toExtend<SchemaConfig<In>>();
    expectTypeOf<{ url: string; schema: typeof Incoming }>().not.toExtend<WebSocketSubjectConfig<In>>();
  });

  it('without one is what it was', () => {
    expectTypeOf(webSocket({ url, schema: undefined, deserializer: ({ data }) => String(data) })).toEqualTypeOf<WebSocketSubject<string>>();
    webSocket<'a' | 'b'>({ url, deserializer: () => 'a' });
    // @ts-expect-error
    webSocket<'a' | 'b'>({ url, deserializer: () => 'c' });
    // @ts-expect-error what it reads is not In, and no schema makes it so
    webSocket<In>({ url, deserializer: ({ data }) => decode(data) });
  });

  it('takes no schema of something else, and nothing that is no schema', () => {
    // @ts-expect-error
    webSocket<number>({ url, schema: z.string() });
    // @ts-expect-error a schema that gives it sometimes
    webSocket<string>({ url, schema: z.string().optional() });
    // @ts-expect-error a function that validates
    webSocket({ url, schema: (message: unknown) => message === 1 });
    // @ts-expect-error
    webSocket({ url, schema: { parse: (message: unknown) => message } });
    // @ts-expect-error another version of the standard
    webSocket({ url, schema: { '~standard': { version: 2, vendor: 'by hand', validate: (value: unknown) => ({ value }) } } });
    // @ts-expect-error it answers with something else
    webSocket({ url, schema: { '~standard': { version: 1, vendor: 'by hand', validate: (value: unknown) => value === 1 } } });
    // @ts-expect-error an unknown key
    webSocket({ url, schema: Incoming, schemas: [] });
  });
});

describe('SchemaError', () => {
  it('has issues as Standard Schema gives them, and takes those of a library', () => {
    const error = new SchemaError(1, z.string().safeParse(1).error?.issues ?? []);
    for (const { message, path = [] } of error.issues) {
      expectTypeOf(message).toEqualTypeOf<string>();
      expectTypeOf(path).toEqualTypeOf<readonly (PropertyKey | { readonly key: PropertyKey })[]>();
    }
    // @ts-expect-error an issue says what is wrong
    new SchemaError(1, [{ path: ['price'] }]);
  });
});
