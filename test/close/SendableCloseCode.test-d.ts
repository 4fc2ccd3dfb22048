import { expectTypeOf, test } from 'vitest';
import { CloseCode } from '../../src/close/CloseCode.js';
import { CloseEvent } from '../../src/close/CloseEvent.js';
import type { SendableCloseCode } from '../../src/close/SendableCloseCode.js';

declare function close<C extends number>(code?: C & SendableCloseCode<C>, reason?: string): void;
declare const dynamic: number;
declare const either: 1000 | 1001;
declare const both: 1000 | 4401;
declare const maybe: 4401 | undefined;

test('codes that your code may send compile', () => {
  close();
  close(undefined);
  close(undefined, 'bye');
  close(1000);
  close(1000, 'bye');
  close(3000);
  close(4401);
  close(4999);
  close(CloseCode.NormalClosure);
  close(CloseCode.Forbidden, 'bye');
  close(both);
  close(maybe);
});

test('a code that is known only at run time compiles', () => {
  close(dynamic);
  close(new CloseEvent('close').code);
});

test('a literal that your code may not send does not compile', () => {
  // @ts-expect-error reserved for the server
  close(1001);
  // @ts-expect-error below the codes
  close(999);
  // @ts-expect-error unassigned
  close(2999);
  // @ts-expect-error above the codes
  close(5000);
  // @ts-expect-error never on the wire
  close(1006, 'bye');
  // @ts-expect-error not an integer
  close(3000.5);
  // @ts-expect-error a negative number
  close(-4000);
  // @ts-expect-error more digits than a code has
  close(40_000);
  // @ts-expect-error the name of a code that only a server may send
  close(CloseCode.ServiceRestart);
  // @ts-expect-error one of the two may not be sent
  close(either);
  // @ts-expect-error not a number
  close('1000');
});

test('the type keeps only codes that your code may send', () => {
  expectTypeOf<SendableCloseCode<1000>>().toEqualTypeOf<1000>();
  expectTypeOf<SendableCloseCode<3000>>().toEqualTypeOf<3000>();
  expectTypeOf<SendableCloseCode<4999>>().toEqualTypeOf<4999>();
  expectTypeOf<SendableCloseCode<number>>().toEqualTypeOf<number>();
  expectTypeOf<SendableCloseCode<1000 | 1001>>().toEqualTypeOf<1000>();
  expectTypeOf<SendableCloseCode<1001>>().toBeNever();
  expectTypeOf<SendableCloseCode<5000>>().toBeNever();
});
