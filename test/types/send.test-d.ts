import { describe, expectTypeOf, it } from 'vitest';
import { drained, webSocket } from '../../src/index.js';

describe('send() and drained()', () => {
  const socket = webSocket<{ price: number }, { op: 'watch' }>('wss://quotes.example.com');

  it('return promises without a value', () => {
    expectTypeOf(socket.send({ op: 'watch' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(drained(socket)).toEqualTypeOf<Promise<void>>();
  });

  it('send() takes what next() takes', () => {
    expectTypeOf(socket.send).parameters.toEqualTypeOf<Parameters<typeof socket.next>>();
    // @ts-expect-error another message
    void socket.send({ op: 'ping' });
    // @ts-expect-error an incoming message
    void socket.send({ price: 1 });
  });

  it('drained() takes nothing but a subject', () => {
    // @ts-expect-error a URL is not a subject
    void drained('wss://quotes.example.com');
    // @ts-expect-error
    void drained();
  });
});
