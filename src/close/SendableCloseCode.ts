import type { CloseCode } from './CloseCode.js';

type Digit = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

/**
 * `C` when your code may send it, else `never`: 1000 and the literals from 3000 to 4999 may be sent, and a plain `number` is checked at run
 * time.
 *
 * Written as `close<C extends number>(code?: C & SendableCloseCode<C>)` it makes `close(1001)` a type error (WHATWG WebSockets, `close()`).
 *
 * @typeParam C - the type of the code
 *
 * @example
 * ```ts
 * import type { SendableCloseCode } from 'websocket-subject';
 *
 * function end<C extends number>(code: C & SendableCloseCode<C>): number {
 *   return code;
 * }
 * end(4401); // => 4401
 * ```
 */
export type SendableCloseCode<C extends number> = number extends C
  ? C
  : C extends typeof CloseCode.NormalClosure
    ? C
    : `${C}` extends `${3 | 4}${Digit}${Digit}${Digit}`
      ? C
      : never;
