import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { reconnectOnCode, SchemaError, webSocket, WebSocketSubject, withSchema } from '../../src/index.js';
import type { SocketEvent, StandardSchema, WebSocketSubjectConfig } from '../../src/index.js';

const url = 'wss://quotes.example.com';
const Incoming = z.union([
  z.object({ op: z.literal('quote'), at: z.string().transform((text) => new Date(text)) }),
  z.object({ op: z.literal('pong') }),
]);
type In = { op: 'quote'; at: Date } | { op: 'pong' };
type Out = { op: 'watch'; symbol: string } | { op: 'ping' };
declare const handWritten: StandardSchema<number>;
/** Decodes a binary message, and returns `unknown`, as decoders do. */
declare function decode(data: Uint8Array): unknown;

describe('the incoming type', () => {
  it("is the schema's output, not its input", () => {
    expectTypeOf(webSocket({ url, deserializer: withSchema(Incoming) })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(handWritten) })).toEqualTypeOf<WebSocketSubject<number>>();
    expectTypeOf(new WebSocketSubject({ url, deserializer: withSchema(Incoming) })).toEqualTypeOf<WebSocketSubject<In>>();
  });

  it('is not widened', () => {
    expectTypeOf(webSocket({ url, deserializer: withSchema(z.literal('a')) })).toEqualTypeOf<WebSocketSubject<'a'>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(z.enum(['a', 'b'])) })).toEqualTypeOf<WebSocketSubject<'a' | 'b'>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(z.string().optional()) })).toEqualTypeOf<WebSocketSubject<string | undefined>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(z.boolean()) })).toEqualTypeOf<WebSocketSubject<boolean>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(z.unknown()) })).toEqualTypeOf<WebSocketSubject<unknown>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(z.any()) })).toEqualTypeOf<WebSocketSubject<any>>();
  });

  it('does not depend on the function that reads the frame for the schema', () => {
    expectTypeOf(webSocket({ url, deserializer: withSchema(Incoming, ({ data }) => decode(data)) })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(Incoming, ({ data }) => ({ raw: String(data) })) })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(webSocket({ url, deserializer: withSchema(Incoming, ({ data }) => data) })).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(new WebSocketSubject({ url, deserializer: withSchema(Incoming, (): unknown => 1) })).toEqualTypeOf<WebSocketSubject<In>>();
  });

  it('reaches events, operators and multiplex', () => {
    const socket = webSocket({ url, deserializer: withSchema(Incoming) });
    expectTypeOf(socket.events).toEqualTypeOf<Observable<SocketEvent<In>>>();
    expectTypeOf(socket.pipeEvents(reconnectOnCode())).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf(socket.multiplex(() => 1, () => 1, ({ op }) => op === 'pong')).toEqualTypeOf<Observable<In>>();
  });
});

describe('the outgoing type', () => {
  it('is the incoming type by default', () => {
    webSocket({ url, deserializer: withSchema(handWritten) }).next(1);
    // @ts-expect-error
    webSocket({ url, deserializer: withSchema(handWritten) }).next('1');
    expectTypeOf(webSocket({ url, deserializer: withSchema(handWritten), serializer: (value: number) => value.toFixed() })).toEqualTypeOf<
      WebSocketSubject<number>
    >();
  });

  it('is the declared parameter of the serializer', () => {
    const socket = webSocket({ url, deserializer: withSchema(Incoming), serializer: (value: Out) => JSON.stringify(value) });
    expectTypeOf(socket).toEqualTypeOf<WebSocketSubject<In, Out>>();
    socket.next({ op: 'ping' });
    // @ts-expect-error an incoming message is not an outgoing one
    socket.next({ op: 'pong' });
    expectTypeOf(
      webSocket({ url, deserializer: withSchema(Incoming, ({ data }) => decode(data)), serializer: (value: Out) => JSON.stringify(value) }),
    ).toEqualTypeOf<WebSocketSubject<In, Out>>();
  });

  it('is the second type argument, or that of the variable', () => {
    expectTypeOf(webSocket<z.infer<typeof Incoming>, Out>({ url, deserializer: withSchema(Incoming) })).toEqualTypeOf<WebSocketSubject<In, Out>>();
    expectTypeOf(new WebSocketSubject<In, Out>({ url, deserializer: withSchema(Incoming, ({ data }) => decode(data)) })).toEqualTypeOf<
      WebSocketSubject<In, Out>
    >();
    const socket: WebSocketSubject<In, Out> = webSocket({ url, deserializer: withSchema(Incoming) });
    socket.next({ op: 'ping' });
  });
});

describe('a config', () => {
  it('with a schema can be built beforehand', () => {
    const config: WebSocketSubjectConfig<In, Out> = { url, deserializer: withSchema(Incoming, ({ data }) => decode(data)) };
    expectTypeOf(webSocket(config)).toEqualTypeOf<WebSocketSubject<In, Out>>();
    const inferred = { url, deserializer: withSchema(Incoming) };
    expectTypeOf(webSocket(inferred)).toEqualTypeOf<WebSocketSubject<In>>();
    expectTypeOf<typeof inferred>().toExtend<WebSocketSubjectConfig<In>>();
    expectTypeOf<typeof inferred>().not.toExtend<WebSocketSubjectConfig<number>>();
  });

  it('without a schema takes the type of its deserializer', () => {
    expectTypeOf(webSocket({ url, deserializer: ({ data }) => String(data) })).toEqualTypeOf<WebSocketSubject<string>>();
    webSocket<'a' | 'b'>({ url, deserializer: () => 'a' });
    // @ts-expect-error
    webSocket<'a' | 'b'>({ url, deserializer: () => 'c' });
    // @ts-expect-error unknown is not In, and no schema validates it
    webSocket<In>({ url, deserializer: ({ data }) => decode(data) });
  });

  it('refuses a schema of another type, and a schema without withSchema', () => {
    // @ts-expect-error
    webSocket<number>({ url, deserializer: withSchema(z.string()) });
    // @ts-expect-error the output may be undefined
    webSocket<string>({ url, deserializer: withSchema(z.string().optional()) });
    // @ts-expect-error an unknown key
    webSocket({ url, schema: Incoming });
    // @ts-expect-error a schema is not a deserializer
    webSocket({ url, deserializer: Incoming });
  });
});

describe('withSchema', () => {
  it('refuses what is not a Standard Schema', () => {
    // @ts-expect-error a function that validates
    withSchema((message: unknown) => message === 1);
    // @ts-expect-error
    withSchema({ parse: (message: unknown) => message });
    // @ts-expect-error another version of the standard
    withSchema({ '~standard': { version: 2, vendor: 'by hand', validate: (value: unknown) => ({ value }) } });
    // @ts-expect-error the result is neither a value nor issues
    withSchema({ '~standard': { version: 1, vendor: 'by hand', validate: (value: unknown) => value === 1 } });
  });
});

describe('SchemaError', () => {
  it('has issues as Standard Schema defines them, and accepts those of a library', () => {
    const error = new SchemaError(1, z.string().safeParse(1).error?.issues ?? []);
    for (const { message, path = [] } of error.issues) {
      expectTypeOf(message).toEqualTypeOf<string>();
      expectTypeOf(path).toEqualTypeOf<readonly (PropertyKey | { readonly key: PropertyKey })[]>();
    }
    // @ts-expect-error an issue needs a message
    new SchemaError(1, [{ path: ['price'] }]);
  });
});
