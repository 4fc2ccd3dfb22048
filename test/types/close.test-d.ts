import { describe, expectTypeOf, it } from 'vitest';
import { CloseCode, webSocket } from '../../src/index.js';
import type { CloseEvent, SocketConnecting, SocketOpen } from '../../src/index.js';

declare const opened: SocketOpen<string, string>;
declare const connecting: SocketConnecting;
declare const code: number;
declare const oneOfTwo: 4000 | 4001;
declare const oneOfThem: 1000 | 1001;

const socket = webSocket<string>('wss://quotes.example.com');

describe('S4: a literal code that may not be sent does not compile', () => {
  it('accepts no code, 1000, and literals from 3000 to 4999', () => {
    socket.close();
    socket.close(1000);
    socket.close(CloseCode.NormalClosure);
    socket.close(3000);
    socket.close(4000, 'x');
    socket.close(4999, '');
    socket.close(oneOfTwo);
    socket.close(undefined, 'only a reason');
  });

  it('accepts a plain number, which is checked at run time', () => {
    socket.close(code);
    socket.close(code, 'x');
    socket.close(4000 as number);
  });

  it('refuses every other literal', () => {
    // @ts-expect-error only servers and browsers send 1001
    socket.close(1001);
    // @ts-expect-error
    socket.close(CloseCode.ServiceRestart);
    // @ts-expect-error 1006 is never on the wire
    socket.close(1006);
    // @ts-expect-error
    socket.close(999);
    // @ts-expect-error
    socket.close(2999);
    // @ts-expect-error
    socket.close(5000);
    // @ts-expect-error
    socket.close(0);
    // @ts-expect-error
    socket.close(-4000);
    // @ts-expect-error not an integer
    socket.close(4000.5);
    // @ts-expect-error one member of the union may not be sent
    socket.close(oneOfThem);
  });

  it('refuses a code that is not a number and a reason that is not a string', () => {
    // @ts-expect-error
    socket.close('1000');
    // @ts-expect-error
    socket.close(null);
    // @ts-expect-error
    socket.close(1000, 42);
  });

  it('applies to socket events too', () => {
    opened.close(4000, 'x', { drain: true, timeout: 100 });
    connecting.close(4000, 'x');
    connecting.close(code);
    // @ts-expect-error
    opened.close(1001);
    // @ts-expect-error
    connecting.close(1012, 'restart');
  });
});

describe('the code of a CloseEvent', () => {
  it('is a number that can be compared with every code', () => {
    expectTypeOf<CloseEvent['code']>().toExtend<number>();
    expectTypeOf<CloseCode>().toExtend<CloseEvent['code']>();
    expectTypeOf<4401>().toExtend<CloseEvent['code']>();
    expectTypeOf(CloseCode.ServiceRestart).toEqualTypeOf<1012>();
  });

  it('is read-only', () => {
    const change = (event: CloseEvent): void => {
      // @ts-expect-error
      event.code = 1000;
      // @ts-expect-error
      event.wasClean = true;
    };
    expectTypeOf(change).toBeFunction();
  });
});
