/** Arguments of `close()`, of every kind that some transport treats differently. */

export type Arguments = readonly [name: string, code: unknown, reason?: unknown];

const long = 'a'.repeat(124);

/** A code that is not a number, not an integer, or not 1000 or 3000–4999. */
export const badCodes: readonly Arguments[] = [
  ...[
    0, 999, 1001, 1002, 1003, 1004, 1005, 1006, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 1015, 1016, 2999, 5000, 65_535, 66_536, -1,
  ].map((code): Arguments => [String(code), code]),
  ['null', null], ['NaN', NaN], ['Infinity', Infinity], ['1000.4', 1000.4], ['1000.5', 1000.5], ['2999.5', 2999.5], ['2999.6', 2999.6],
  ['4999.5', 4999.5], ['"abc"', 'abc'], ['"1000"', '1000'], ['true', true], ['{}', {}], ['1000n', 1000n], ['a symbol', Symbol('code')],
  ['an object of value 3000', { valueOf: () => 3000 }],
  ['999 with a long reason: the code is checked first', 999, long],
];

/** A reason over 123 bytes of UTF-8, counted after lone surrogates became U+FFFD of three bytes. */
export const longReasons: readonly Arguments[] = [
  ['124 letters', 1000, long],
  ['126 bytes in 42 letters', 1000, '€'.repeat(42)],
  ['124 bytes in 31 pairs', 4000, '🔌'.repeat(31)],
  ['42 lone surrogates', 1000, '\ud807'.repeat(42)],
  ['124 letters without a code', undefined, long],
  ['an object that becomes 124 letters', 1000, { toString: () => long }],
];

interface Sent {
  code: number;
  reason: string;
}

/** Sendable arguments, and what must be read on the wire. */
export const valid: readonly (readonly [name: string, args: readonly unknown[], sent: Sent])[] = [
  ['nothing', [], { code: 1000, reason: '' }],
  ['undefined', [undefined], { code: 1000, reason: '' }],
  ['undefined, ""', [undefined, ''], { code: 1000, reason: '' }],
  ['undefined, "bye"', [undefined, 'bye'], { code: 1000, reason: 'bye' }],
  ['1000', [1000], { code: 1000, reason: '' }],
  ['1000, "bye"', [1000, 'bye'], { code: 1000, reason: 'bye' }],
  ['3000', [3000], { code: 3000, reason: '' }],
  ['3999', [3999], { code: 3999, reason: '' }],
  ['4000', [4000], { code: 4000, reason: '' }],
  ['4999, "ロボ"', [4999, 'ロボ'], { code: 4999, reason: 'ロボ' }],
  ['123 letters', [1000, 'a'.repeat(123)], { code: 1000, reason: 'a'.repeat(123) }],
  ['123 bytes in 41 letters', [1000, '€'.repeat(41)], { code: 1000, reason: '€'.repeat(41) }],
  ['a lone surrogate', [1000, 'a\ud807z'], { code: 1000, reason: 'a\ufffdz' }],
  ['41 lone surrogates', [1000, '\udc00'.repeat(41)], { code: 1000, reason: '\ufffd'.repeat(41) }],
  ['the reason undefined', [4001, undefined], { code: 4001, reason: '' }],
  ['the reason null', [4001, null], { code: 4001, reason: 'null' }],
  ['the reason 5', [4001, 5], { code: 4001, reason: '5' }],
  ['the reason {}', [4001, {}], { code: 4001, reason: '[object Object]' }],
  ['the reason an object that becomes "x"', [4001, { toString: () => 'x' }], { code: 4001, reason: 'x' }],
  ['the reason bytes', [4001, new Uint8Array([104, 105])], { code: 4001, reason: '104,105' }],
];

/** A Close body in hexadecimal. */
export function bodyOf({ code, reason }: Sent): string {
  const bytes = [code >> 8, code & 255, ...new TextEncoder().encode(reason)];
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Calls `close` of anything with arguments that would not compile. */
export function closeWith(target: object, ...args: readonly unknown[]): void {
  (target as { close(...args: readonly unknown[]): void }).close(...args);
}
