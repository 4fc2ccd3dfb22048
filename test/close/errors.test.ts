import { describe, expect, test } from 'vitest';
import { CloseEvent, makeCloseEvent } from '../../src/close/CloseEvent.js';
import { DeserializeError } from '../../src/close/DeserializeError.js';
import { OutboxOverflowError } from '../../src/close/OutboxOverflowError.js';
import { SchemaError } from '../../src/close/SchemaError.js';
import { SerializeError } from '../../src/close/SerializeError.js';
import { UnsentError } from '../../src/close/UnsentError.js';
import { WebSocketCloseError } from '../../src/close/WebSocketCloseError.js';
import { WebSocketTimeoutError } from '../../src/close/WebSocketTimeoutError.js';

const cause = new TypeError('no BigInt in JSON');

test.each([
  ['WebSocketCloseError', new WebSocketCloseError(new CloseEvent('close'))],
  ['OutboxOverflowError', new OutboxOverflowError(1, 2)],
  ['SerializeError', new SerializeError(1, cause)],
  ['DeserializeError', new DeserializeError('{', cause)],
  ['UnsentError', new UnsentError([1], null)],
  ['SchemaError', new SchemaError({}, [])],
  ['WebSocketTimeoutError', new WebSocketTimeoutError('connect', 10)],
])('a %s is an Error with its name on it', (name, error) => {
  expect(error).toBeInstanceOf(Error);
  expect(error.name).toBe(name);
  expect(String(error)).toBe(`${name}: ${error.message}`);
  expect(error.stack?.startsWith(`${name}: ${error.message}`)).toBe(true);
  expect(Object.keys(error)).not.toContain('name');
});

describe('S2: WebSocketCloseError', () => {
  const event = makeCloseEvent({
    code: 1006,
    reason: '',
    wasClean: false,
    initiator: 'transport',
    opened: true,
    attempt: 0,
    uptime: 5,
    unsent: [],
    sent: null,
    cause,
  });

  test('it carries that same event, and its facts', () => {
    const error = new WebSocketCloseError(event);
    expect(error.event).toBe(event);
    expect(error).toMatchObject({ code: 1006, reason: '', wasClean: false });
    expect(error.cause).toBe(cause);
  });

  test('its message tells an unclean end from a clean one', () => {
    expect(new WebSocketCloseError(event).message).toBe('the WebSocket ended without a closing handshake: 1006 Abnormal Closure');
    expect(new WebSocketCloseError(new CloseEvent('close', { code: 4401, reason: 'token expired', wasClean: true })).message).toBe(
      'the WebSocket was closed: 4401 private use (token expired)',
    );
  });

  test('without a cause it has none', () => {
    expect(new WebSocketCloseError(new CloseEvent('close')).cause).toBeUndefined();
  });
});

test('S13: OutboxOverflowError carries the value, the limit and what the limit counts', () => {
  const value = { op: 'ping' };
  const error = new OutboxOverflowError(value, 1000);
  expect(error.value).toBe(value);
  expect(error).toMatchObject({ limit: 1000, unit: 'values' });
  expect(error.message).toBe('the outbox is full: it holds at most 1000 values until a connection takes them');
  const inBytes = new OutboxOverflowError(value, 4096, 'bytes');
  expect(inBytes.message).toBe('the outbox is full: it holds at most 4096 bytes until a connection takes them');
});

test('S14: SerializeError carries the value and the cause', () => {
  const value = { amount: 1n };
  const error = new SerializeError(value, cause);
  expect(error.value).toBe(value);
  expect(error.cause).toBe(cause);
  expect(error.message).toBe('the value could not be serialized: TypeError: no BigInt in JSON');
});

test('S14: DeserializeError carries the data and the cause', () => {
  const data = new ArrayBuffer(2);
  const error = new DeserializeError(data, cause);
  expect(error.data).toBe(data);
  expect(error.cause).toBe(cause);
  expect(error.message).toBe('a message could not be read: TypeError: no BigInt in JSON');
});

test.each([undefined, null, 'text', Object.create(null), Symbol('x')] as unknown[])('any cause will do: case %#', (odd) => {
  expect(new SerializeError(1, odd).cause).toBe(odd);
  expect(new DeserializeError(1, odd).cause).toBe(odd);
});

test.each([
  ['connect', 'the WebSocket did not open within 25 ms'],
  ['close', 'the WebSocket did not close within 25 ms'],
  ['heartbeat', 'nothing was heard on the WebSocket for 25 ms'],
] as const)('S3: WebSocketTimeoutError tells the phase %s and the milliseconds', (phase, message) => {
  expect(new WebSocketTimeoutError(phase, 25)).toMatchObject({ phase, ms: 25, message });
});

test('S14: SchemaError carries the message and what is wrong with it, and says so', () => {
  const issues = [{ message: 'it must be a number', path: ['quotes', 0, { key: 'price' }, Symbol('cents')] }, { message: 'symbol is missing', path: [] }];
  const error = new SchemaError({ price: '1' }, issues);
  expect(error.message).toBe('a message is not of the agreed shape: it must be a number (at quotes.0.price.Symbol(cents)); symbol is missing');
  expect([error.data, error.issues]).toEqual([{ price: '1' }, issues]);
});

test('the message of a SchemaError names at most five issues, however many there are', () => {
  const issues = Array.from({ length: 7 }, (_, index) => ({ message: 'no', path: [index] }));
  const error = new SchemaError([], issues);
  expect(error.message).toBe('a message is not of the agreed shape: no (at 0); no (at 1); no (at 2); no (at 3); no (at 4); and 2 more');
  expect(error.issues).toHaveLength(7);
});

describe('S13: UnsentError', () => {
  const event = new CloseEvent('close', { code: 4000, reason: 'enough', wasClean: true });

  test('carries the values, and the close that took them away', () => {
    const error = new UnsentError([1, 'b'], event);
    expect(error.unsent).toEqual([1, 'b']);
    expect(error.closeEvent).toBe(event);
    expect(error.message).toBe('2 values were not sent: the session has ended (CloseEvent: 4000 private use, "enough", clean)');
  });

  test('without a close says so', () => {
    const error = new UnsentError([1], null);
    expect(error.closeEvent).toBeNull();
    expect(error.message).toBe('1 value was not sent: there was no connection');
    expect(error.cause).toBeUndefined();
  });

  test('has the cause of the event, unless it is given one', () => {
    const lost = makeCloseEvent({
      code: 1006, reason: '', wasClean: false, initiator: 'local', opened: false, attempt: 0, uptime: 0, unsent: [1], sent: null, cause,
    });
    expect(new UnsentError([1], lost).cause).toBe(cause);
    expect(new UnsentError([1], null, cause).cause).toBe(cause);
  });
});
