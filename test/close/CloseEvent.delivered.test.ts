import { expect, test } from 'vitest';
import { CloseEvent, type CloseFacts } from '../../src/close/CloseEvent.js';
import { HandshakeRefusedError } from '../../src/close/HandshakeRefusedError.js';
import { sessionKey } from '../../src/close/sessionKey.js';
import { WebSocketCloseError } from '../../src/close/WebSocketCloseError.js';
import { WebSocketTimeoutError } from '../../src/close/WebSocketTimeoutError.js';
import { deliveredEvent } from './deliveredEvent.js';

const facts: CloseFacts = {
  code: 1006,
  reason: '',
  wasClean: false,
  initiator: 'transport',
  opened: true,
  host: 'quotes.example.com:8443',
  httpStatus: null,
  attempt: 3,
  uptime: 1234,
  unsent: [{ op: 'watch' }],
  sent: { code: 4000, reason: 'why' },
  cause: new TypeError('socket hang up'),
};

test('a delivered event has the type close and every fact unchanged', () => {
  const event = deliveredEvent(facts);
  expect(event).toBeInstanceOf(CloseEvent);
  expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, ...facts });
  expect(event.cause).toBe(facts.cause);
  expect(event.unsent[0]).toBe(facts.unsent[0]);
});

test('a delivered event carries its session, but not as an own property', () => {
  const session = {};
  const event = deliveredEvent(facts, session);
  expect(event[sessionKey]).toBe(session);
  expect(Reflect.ownKeys(event)).not.toContain(sessionKey);
  expect(Object.values(event)).not.toContain(session);
});

test('a delivered event can be dispatched', () => {
  const target = new EventTarget();
  const seen: unknown[] = [];
  target.addEventListener('close', (event) => {
    if (event instanceof CloseEvent) seen.push(event, event.code, event.uptime);
  });
  const event = deliveredEvent(facts);
  target.dispatchEvent(event);
  target.dispatchEvent(event);
  expect(seen).toStrictEqual([event, 1006, 1234, event, 1006, 1234]);
});

test('JSON has the number of unsent values and the name of the cause, so that your values cannot break a log', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const json = JSON.stringify(deliveredEvent({ ...facts, unsent: [1n, cyclic] }));
  expect(JSON.parse(json)).toMatchObject({
    code: 1006,
    initiator: 'transport',
    opened: true,
    host: 'quotes.example.com:8443',
    httpStatus: null,
    attempt: 3,
    uptime: 1234,
    unsent: 2,
    sent: { code: 4000, reason: 'why' },
    cause: 'TypeError',
  });
});

test('a cause that has no name does not break a log either', () => {
  expect(JSON.parse(JSON.stringify(deliveredEvent({ ...facts, cause: Object.create(null) })))).not.toHaveProperty('cause');
});

const timeout = new WebSocketTimeoutError('connect', 10_000);
const unreadable = new Proxy({}, { get: () => { throw new Error('not to be read'); } }); // prettier-ignore

test.each<[string, Partial<CloseFacts>, string]>([
  ['a clean close', { code: 4401, reason: 'expired', wasClean: true, opened: true }, '4401 "expired", clean'],
  ['a drop', { opened: true }, '1006, not clean'],
  ['a drop with a cause of the system', { opened: true, cause: Object.assign(new Error('read ECONNRESET 10.0.0.1'), { code: 'ECONNRESET' }) }, '1006, not clean (ECONNRESET)'],
  ['no server', { cause: Object.assign(new Error('connect ECONNREFUSED 10.0.0.1:443'), { code: 'ECONNREFUSED' }) }, '1006, no connection (ECONNREFUSED)'],
  ['a refused handshake', { httpStatus: 401, cause: new HandshakeRefusedError(401) }, '1006, no connection (HTTP 401)'],
  ['a timeout', { cause: timeout }, '1006, no connection (connect timed out after 10000 ms)'],
  ['an error of your code', { cause: new RangeError('token abc') }, '1006, no connection (RangeError)'],
  ['an error with a number as its code', { cause: new DOMException('abc', 'AbortError') }, '1006, no connection (AbortError)'],
  ['an event as the cause', { cause: new Event('error') }, '1006, no connection'],
  ['a text as the cause', { cause: 'token abc' }, '1006, no connection'],
  ['no cause', {}, '1006, no connection'],
  ['a cause that throws when it is read', { cause: unreadable }, '1006, no connection'],
])('String() and the message of the error say what happened: %s', (_, differences, expected) => {
  const event = deliveredEvent({ opened: false, host: 'quotes.example.com', ...differences });
  expect(String(event)).toBe(`CloseEvent: quotes.example.com: ${expected}`);
  expect(new WebSocketCloseError(event).message).toBe(`quotes.example.com: ${expected}`);
});

test('without a host String() leaves it out', () => {
  expect(String(deliveredEvent({ opened: false, host: '', cause: new RangeError('no token') }))).toBe('CloseEvent: 1006, no connection (RangeError)');
});
