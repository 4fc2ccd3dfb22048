import type { Observable, OperatorFunction } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { latestBy, reconnectOnCode, topics, webSocket, type TopicsOptions } from '../../src/index.js';

type Incoming = { op: 'quote'; symbol: string; price: number } | { op: 'pong' };
interface Outgoing {
  op: 'sub' | 'unsub';
  symbol: string;
}

const socket = webSocket<Incoming, Outgoing>('wss://quotes.example.com');
const keyOf = (message: Incoming) => (message.op === 'quote' ? message.symbol : undefined);
const subscribe = (symbol: string): Outgoing => ({ op: 'sub', symbol });
const unsubscribe = (symbol: string): Outgoing => ({ op: 'unsub', symbol });

describe('topics', () => {
  it('infers the message types from the subject, and the key type from keyOf', () => {
    const topic = topics(socket, {
      keyOf: (message) => {
        expectTypeOf(message).toEqualTypeOf<Incoming>();
        return message.op === 'quote' ? message.symbol : undefined;
      },
      subscribe: (symbol, last) => {
        expectTypeOf(symbol).toEqualTypeOf<string>();
        expectTypeOf(last).toEqualTypeOf<Incoming | undefined>();
        return { op: 'sub', symbol };
      },
      unsubscribe: (symbol) => ({ op: 'unsub', symbol }),
      grace: 100,
    });
    expectTypeOf(topic).toEqualTypeOf<(key: string) => Observable<Incoming>>();
  });

  it('accepts a derived subject, methods, and callbacks that send nothing', () => {
    topics(socket.pipeEvents(reconnectOnCode()), { keyOf, subscribe, unsubscribe });
    topics(socket, { keyOf, subscribe: () => undefined, unsubscribe: () => undefined });
    const methods: TopicsOptions<Incoming, Outgoing, symbol> = {
      keyOf(message) {
        return Symbol.for(message.op);
      },
      subscribe(key) {
        return { op: 'sub', symbol: String(key) };
      },
      unsubscribe: () => undefined,
    };
    expectTypeOf(topics(socket, methods)).toEqualTypeOf<(key: symbol) => Observable<Incoming>>();
  });

  it('refuses values that are not Outgoing, and keys that keyOf does not return', () => {
    // @ts-expect-error a number is not an Outgoing
    topics(socket, { keyOf, subscribe: () => 1, unsubscribe });
    // @ts-expect-error keyOf returns strings
    topics(socket, { keyOf, subscribe: (_key: number) => undefined, unsubscribe });
    // @ts-expect-error
    topics(socket, { keyOf, subscribe });
    // @ts-expect-error
    topics(socket, { keyOf, subscribe, unsubscribe, graceful: 100 });
    // @ts-expect-error
    topics(socket, { keyOf, subscribe, unsubscribe })(1);
  });
});

describe('latestBy', () => {
  it('emits arrays of messages', () => {
    const latest = socket.pipe(latestBy(({ op }) => op, { every: 100 }));
    expectTypeOf(latest).toEqualTypeOf<Observable<Incoming[]>>();
    expectTypeOf(latestBy((n: number) => n % 2, { frame: true })).toEqualTypeOf<OperatorFunction<number, number[]>>();
  });

  it('requires one period, and does not compile on socket events', () => {
    // @ts-expect-error
    latestBy(keyOf);
    // @ts-expect-error
    latestBy(keyOf, 100);
    // @ts-expect-error
    latestBy(keyOf, { frame: false });
    // @ts-expect-error
    latestBy(keyOf, {});
    // @ts-expect-error an operator of pipeEvents must return socket events
    socket.pipeEvents(latestBy(keyOf, { every: 100 }));
  });
});
