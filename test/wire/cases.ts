import type { Fault } from '../server/WireLine.js';
import { cut, delay, garbage, halfOpen, merge, split } from './faults.js';

/** A fault on the first connection, and how that ends. */
export type Case = readonly [what: string, faults: { readonly up?: Fault; readonly down?: Fault }, end: string | RegExp];

const reservedBits = Buffer.from('f1234567', 'hex');
const noHttp = Buffer.from('\x16\x03\x01 no HTTP at all\r\n', 'latin1');

/** The server ends the connection as if nothing were wrong. */
const asUsual = '1012 remote';
const dropped = '1006 transport';
const neverOpened = '1006 transport, not opened';

export const harmless: Case[] = [
  ['a slow line', { up: delay(2), down: delay(2) }, asUsual],
  ['what is sent arrives byte by byte', { up: split() }, asUsual],
  ['what is received arrives byte by byte', { down: split() }, asUsual],
  ['the first three messages arrive with the 101', { down: merge(4, 0) }, asUsual],
  ['many frames arrive together, in both directions', { up: merge(1, 5), down: merge(4, 5) }, asUsual],
];

export const ending: Case[] = (['FIN', 'RST'] as const).flatMap((how) => [
  [`${how} in the middle of a frame that is sent`, { up: cut(5, how) }, dropped],
  [`${how} in the middle of a frame that is received`, { down: cut(5, how) }, dropped],
  [`${how} in the middle of the request`, { up: cut('handshake', how) }, neverOpened],
  [`${how} in the middle of the 101`, { down: cut('handshake', how) }, neverOpened],
  [`${how} in the middle of the server's Close`, { down: cut('close', how) }, dropped],
  [`${how} in the middle of the answer to the server's Close`, { up: cut('close', how) }, asUsual],
]);

/** Not with compression: a `ws` that inflates then does what deflate.test.ts shows. */
export const garbled: Case[] = [
  ['garbage before a frame that is sent', { up: garbage(3, 'before', reservedBits) }, /^1002 remote|1006 transport$/],
  ['garbage before a frame that is received', { down: garbage(3, 'before', reservedBits) }, dropped],
  ['garbage before the request', { up: garbage('handshake', 'before', noHttp) }, neverOpened],
  ['garbage before the 101', { down: garbage('handshake', 'before', noHttp) }, neverOpened],
  ['garbage in the middle of the 101', { down: garbage('handshake', 'within', noHttp) }, neverOpened],
];

/** `connectTimeout` ends them. */
export const unanswered: Case[] = [
  ['the request is swallowed', { up: halfOpen('handshake', 'one') }, neverOpened],
  ['the 101 is swallowed', { down: halfOpen('handshake', 'one') }, neverOpened],
];

/** A heartbeat ends them, or the server that waits for the answer to its Close. */
export const silent: Case[] = [
  ['what is sent is swallowed', { up: halfOpen(4, 'one') }, dropped],
  ['what is received is swallowed', { down: halfOpen(4, 'one') }, dropped],
  ['everything is swallowed', { down: halfOpen(4, 'both') }, dropped],
  ["the server's Close is swallowed", { down: halfOpen('close', 'one') }, dropped],
  ["the answer to the server's Close is swallowed", { up: halfOpen('close', 'one') }, /^(1012 remote|1006 transport)$/],
];

/** What becomes of the end that your code asks for; `closeTimeout` ends what is swallowed. */
export const endedByUs: Case[] = [
  ...(['FIN', 'RST'] as const).flatMap((how): Case[] => [
    [`${how} in the middle of our Close`, { up: cut('close', how) }, '1006 local'],
    [`${how} in the middle of the answer to our Close`, { down: cut('close', how) }, '1006 local'],
  ]),
  ['our Close is swallowed', { up: halfOpen('close', 'one') }, '1006 local'],
  ['the answer to our Close is swallowed', { down: halfOpen('close', 'one') }, '1006 local'],
];
