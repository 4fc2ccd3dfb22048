import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CloseEvent } from '../../src/close/CloseEvent.js';
import { DeserializeError } from '../../src/close/DeserializeError.js';
import { HandshakeRefusedError } from '../../src/close/HandshakeRefusedError.js';
import { InboxOverflowError } from '../../src/close/InboxOverflowError.js';
import { OutboxOverflowError } from '../../src/close/OutboxOverflowError.js';
import { SchemaError } from '../../src/close/SchemaError.js';
import { SerializeError } from '../../src/close/SerializeError.js';
import { SocketError } from '../../src/close/SocketError.js';
import { UnsentError } from '../../src/close/UnsentError.js';
import { WebSocketCloseError } from '../../src/close/WebSocketCloseError.js';
import { WebSocketTimeoutError } from '../../src/close/WebSocketTimeoutError.js';
import { deliveredEvent } from './deliveredEvent.js';

const cause = new TypeError('no BigInt in JSON');

test.each([
  ['WebSocketCloseError', new WebSocketCloseError(new CloseEvent('close'))],
  ['HandshakeRefusedError', new HandshakeRefusedError(401)],
  ['OutboxOverflowError', new OutboxOverflowError(1, 2)],
  ['InboxOverflowError', new InboxOverflowError(1, 2)],
  ['SerializeError', new SerializeError(1, cause)],
  ['DeserializeError', new DeserializeError('{', cause)],
  ['UnsentError', new UnsentError([1], null)],
  ['SchemaError', new SchemaError({}, [])],
  ['WebSocketTimeoutError', new WebSocketTimeoutError('connect', 10)],
])('a %s is an Error with its own name', (name, error) => {
  expect(error).toBeInstanceOf(Error);
  expect(error).toBeInstanceOf(SocketError);
  expect(error.name).toBe(name);
  expect(error.message).not.toBe('');
  expect(String(error)).toBe(`${name}: ${error.message}`);
  expect(error.stack?.startsWith(`${name}: ${error.message}`)).toBe(true);
  expect(Object.keys(error)).not.toContain('name');
});

describe('S2: WebSocketCloseError', () => {
  const event = deliveredEvent({ uptime: 5, cause });

  test('carries the same event, and its facts', () => {
    const error = new WebSocketCloseError(event);
    expect(error.event).toBe(event);
    expect(error).toMatchObject({ code: 1006, reason: '', wasClean: false });
    expect(error.cause).toBe(cause);
  });

  test('names the code and the reason in its message', () => {
    expect(new WebSocketCloseError(event).message).toContain('1006');
    const expired = new CloseEvent('close', { code: 4401, reason: 'token expired', wasClean: true });
    expect(new WebSocketCloseError(expired).message).toMatch(/4401.*token expired/);
  });

  test('has another message for a clean close than for an unclean one', () => {
    const [clean, unclean] = [true, false].map((wasClean) => new WebSocketCloseError(new CloseEvent('close', { code: 4000, wasClean })));
    expect(clean?.message).not.toBe(unclean?.message);
  });

  test('has no cause where the event has none', () => {
    expect(new WebSocketCloseError(new CloseEvent('close')).cause).toBeUndefined();
  });
});

test('S3: HandshakeRefusedError carries the answer, and shows its headers and its body to no log', () => {
  const headers = { 'set-cookie': ['session=secret'] };
  const error = new HandshakeRefusedError(429, headers, 'secret body', 30_000);
  expect(error).toMatchObject({ status: 429, message: 'HTTP 429', retryAfter: 30_000 });
  expect([error.headers, error.body]).toEqual([headers, 'secret body']);
  expect(inspect(error) + JSON.stringify(error)).not.toContain('secret');
  expect(new HandshakeRefusedError(404)).toMatchObject({ retryAfter: null, headers: {}, body: '' });
});

test('S13: OutboxOverflowError carries the value, the limit and the unit of the limit', () => {
  const value = { op: 'ping' };
  const error = new OutboxOverflowError(value, 1000);
  expect(error.value).toBe(value);
  expect(error).toMatchObject({ limit: 1000, unit: 'values' });
  expect(error.message).toMatch(/outbox.*1000 values/);
  const inBytes = new OutboxOverflowError(value, 4096, 'bytes');
  expect(inBytes).toMatchObject({ limit: 4096, unit: 'bytes' });
  expect(inBytes.message).toMatch(/outbox.*4096 bytes/);
});

test('S15: InboxOverflowError carries the message and the limit', () => {
  const data = { price: 1 };
  const error = new InboxOverflowError(data, 64);
  expect(error.data).toBe(data);
  expect(error.limit).toBe(64);
  expect(error.message).toMatch(/inbox.*64/);
});

test('S14: SerializeError carries the value and the cause', () => {
  const value = { amount: 1n };
  const error = new SerializeError(value, cause);
  expect(error.value).toBe(value);
  expect(error.cause).toBe(cause);
  expect(error.message).toContain('TypeError: no BigInt in JSON');
  expect(new SerializeError(value, Object.create(null)).message).toBe('cannot serialize the value: an unprintable value');
});

test('S14: DeserializeError carries the data and the cause', () => {
  const data = new ArrayBuffer(2);
  const error = new DeserializeError(data, cause);
  expect(error.data).toBe(data);
  expect(error.cause).toBe(cause);
  expect(error.message, 'without the text of the cause, which may hold the frame').toBe('unreadable binary message (TypeError)');
  expect(new DeserializeError('{', cause).message).toBe('unreadable text (TypeError)');
});

test.each([undefined, null, 'text', Object.create(null), Symbol('x')] as unknown[])('the cause can be any value: case %#', (odd) => {
  expect(new SerializeError(1, odd).cause).toBe(odd);
  expect(new DeserializeError(1, odd).cause).toBe(odd);
});

test.each(['connect', 'close', 'heartbeat'] as const)('S3: WebSocketTimeoutError carries the phase %s and the milliseconds', (phase) => {
  const error = new WebSocketTimeoutError(phase, 25);
  expect(error).toMatchObject({ phase, ms: 25 });
  expect(error.message).toMatch(new RegExp(`${phase}.*25 ms`));
});

describe('S14: SchemaError', () => {
  test('carries the data and the issues, and its message names them', () => {
    const issues = [{ message: 'it must be a number', path: ['quotes', 0, { key: 'price' }, Symbol('cents')] }, { message: 'symbol is missing', path: [] }];
    const error = new SchemaError({ price: '1' }, issues);
    expect(error.message).toMatch(/it must be a number.*quotes\.0\.price\.Symbol\(cents\).*symbol is missing$/);
    expect([error.data, error.issues]).toEqual([{ price: '1' }, issues]);
    expect(new SchemaError(1, [{ message: 'not an object' }]).message).toBe('invalid message: not an object');
  });

  test('names at most five issues in its message', () => {
    const issues = Array.from({ length: 7 }, (_, index) => ({ message: `issue-${index}`, path: ['list', index] }));
    const error = new SchemaError([], issues);
    expect(error.message.match(/issue-\d/g)).toEqual(['issue-0', 'issue-1', 'issue-2', 'issue-3', 'issue-4']);
    expect(error.message.match(/list\.\d/g)).toEqual(['list.0', 'list.1', 'list.2', 'list.3', 'list.4']);
    expect(error.message).toMatch(/; and 2 more$/);
    expect(new SchemaError([], issues.slice(0, 5)).message).not.toContain('more');
    expect(error.issues).toHaveLength(7);
  });
});

describe('S13: UnsentError', () => {
  const event = new CloseEvent('close', { code: 4000, reason: 'enough', wasClean: true });

  test('carries the values and the close event that ended the session', () => {
    const error = new UnsentError([1, 'b'], event);
    expect(error.unsent).toEqual([1, 'b']);
    expect(error.closeEvent).toBe(event);
    expect(error.message).toMatch(/^2 .*4000 "enough"/);
  });

  test('has null for the close event where there was no connection', () => {
    const error = new UnsentError([1], null);
    expect(error.closeEvent).toBeNull();
    expect(error.message).toBe('1 unsent: no connection');
    expect(error.cause).toBeUndefined();
  });

  test('has the cause of the event, unless another cause is given', () => {
    const lost = deliveredEvent({ initiator: 'local', opened: false, unsent: [1], cause });
    expect(new UnsentError([1], lost).cause).toBe(cause);
    expect(new UnsentError([1], null, cause).cause).toBe(cause);
  });
});
