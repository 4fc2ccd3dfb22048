import { describe, expectTypeOf, it } from 'vitest';
import { webSocket } from '../../src/index.js';

describe('send() and drained()', () => {
  const socket = webSocket<{ price: number }, { op: 'watch' }>('wss://quotes.example.com');

  it('promise nothing but that it is done', () => {
    expectTypeOf(socket.send({ op: 'watch' })).toEqualTypeOf<Promise<void>>();
    expectTypeOf(socket.drained()).toEqualTypeOf<Promise<void>>();
  });

  it('send() takes what next() takes', () => {
    expectTypeOf(socket.send).parameters.toEqualTypeOf<Parameters<typeof socket.next>>();
    // @ts-expect-error another message
    void socket.send({ op: 'ping' });
    // @ts-expect-error what comes in
    void socket.send({ price: 1 });
  });
});
