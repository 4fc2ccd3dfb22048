import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CloseEvent } from '../../src/close/CloseEvent.js';
import { sessionKey } from '../../src/close/sessionKey.js';

type Loose = new (...args: unknown[]) => CloseEvent;
const Untyped = CloseEvent as unknown as Loose;

describe('the constructor behaves as the standard says', () => {
  test('a type alone gives the defaults', () => {
    expect(new CloseEvent('close')).toMatchObject({
      type: 'close',
      code: 0,
      reason: '',
      wasClean: false,
      bubbles: false,
      cancelable: false,
      composed: false,
      defaultPrevented: false,
    });
  });

  test('it takes code, reason and wasClean, and the options of Event', () => {
    const init = { code: 4401, reason: 'expired', wasClean: true, bubbles: true, cancelable: true, composed: true };
    expect(new CloseEvent('end', init)).toMatchObject({ type: 'end', ...init });
  });

  test('it requires a type', () => {
    expect(() => new Untyped()).toThrow(TypeError);
    expect(() => new Untyped()).toThrow(/CloseEvent: .*type/);
    expect(new Untyped(undefined).type).toBe('undefined');
  });

  test.each([null, undefined, {}])('it accepts missing options in every form: case %#', (init) => {
    expect(new Untyped('close', init)).toMatchObject({ code: 0, reason: '', wasClean: false });
  });

  test.each([5, 'code', true, 1n, Symbol('init')])('it refuses options that are not an object: case %#', (init) => {
    expect(() => new Untyped('close', init)).toThrow(TypeError);
  });

  test('an option that is undefined counts as missing, null does not', () => {
    const missing = { code: undefined, reason: undefined, wasClean: undefined };
    expect(new Untyped('close', missing)).toMatchObject({ code: 0, reason: '', wasClean: false });
    expect(new Untyped('close', { code: null, reason: null, wasClean: null })).toMatchObject({ code: 0, reason: 'null', wasClean: false });
  });

  test.each([
    [65_536, 0],
    [65_536 + 1000, 1000],
    [-1, 65_535],
    [1000.9, 1000],
    [-1.5, 65_535],
    [NaN, 0],
    [Infinity, 0],
    ['1012', 1012],
    ['no number', 0],
    [true, 1],
    [2 ** 32 + 5, 5],
  ])('it converts the code %s to %d', (code, converted) => {
    expect(new Untyped('close', { code }).code).toBe(converted);
  });

  test('it converts any number to an unsigned short as a typed array does', () => {
    fc.assert(fc.property(fc.double(), (code) => new CloseEvent('close', { code }).code === new Uint16Array([code])[0]));
  });

  test.each([{ code: 1n }, { code: Symbol('c') }, { reason: Symbol('r') }])('it refuses values that cannot be converted: case %#', (init) => {
    expect(() => new Untyped('close', init)).toThrow(TypeError);
  });

  test('it converts the reason to a well-formed string and wasClean to a boolean', () => {
    expect(new Untyped('close', { reason: 'a\uD800', wasClean: 'yes' })).toMatchObject({ reason: 'a\uFFFD', wasClean: true });
    expect(new Untyped('close', { reason: 5, wasClean: 0 })).toMatchObject({ reason: '5', wasClean: false });
  });
});

test('an event that your code constructed is local and never belonged to a connection', () => {
  const event = new CloseEvent('close', { code: 1012, wasClean: true });
  expect(event).toMatchObject({ initiator: 'local', opened: false, attempt: 0, uptime: 0, unsent: [], sent: null });
  expect(event.cause).toBeUndefined();
});

test('an event is an instance of CloseEvent and of the platform class Event', () => {
  const event = new CloseEvent('close');
  expect(event).toBeInstanceOf(CloseEvent);
  expect(event).toBeInstanceOf(Event);
  expect(Object.prototype.toString.call(event)).toBe('[object CloseEvent]');
});

test('the class returns the session of an event under a key that every copy of the package shares', () => {
  expect(Symbol.for('websocket-subject.session')).toBe(sessionKey);
  expect(new CloseEvent('close')[sessionKey]).toBeUndefined();
  expect(Object.hasOwn(CloseEvent.prototype, sessionKey)).toBe(true);
});

test('it can be dispatched like any event', () => {
  const target = new EventTarget();
  const seen: unknown[] = [];
  target.addEventListener('close', (event) => {
    if (!(event instanceof CloseEvent)) return;
    const { code, reason, wasClean } = event;
    seen.push(code, reason, wasClean, event.target === target, event);
  });
  const event = new CloseEvent('close', { code: 4401, reason: 'expired', wasClean: true });
  expect(target.dispatchEvent(event)).toBe(true);
  expect(seen).toStrictEqual([4401, 'expired', true, true, event]);
});

test('a cancelable event can be cancelled', () => {
  const target = new EventTarget();
  target.addEventListener('close', (event) => {
    event.preventDefault();
  });
  expect(target.dispatchEvent(new CloseEvent('close', { cancelable: true }))).toBe(false);
  expect(target.dispatchEvent(new CloseEvent('close'))).toBe(true);
});

test('a spread and Object.keys see its facts', () => {
  const event: object = new CloseEvent('close', { code: 1012, reason: 'deploy', wasClean: true });
  expect(Object.keys(event)).toContain('code');
  expect({ ...event }).toMatchObject({
    code: 1012,
    reason: 'deploy',
    wasClean: true,
    initiator: 'local',
  });
});

test('String() gives one line', () => {
  const restart = new CloseEvent('close', { code: 1012, reason: 'deploy', wasClean: true });
  expect(String(restart)).toBe('CloseEvent: 1012 "deploy", clean');
  expect(String(new CloseEvent('close', { code: 1006 }))).toBe('CloseEvent: 1006, not clean');
  expect(String(new CloseEvent('close', { code: 1000, reason: 'a\nb' }))).toBe('CloseEvent: 1000 "a\\nb", not clean');
});

test('JSON.stringify gives its facts', () => {
  expect(JSON.parse(JSON.stringify(new CloseEvent('close', { code: 4000, reason: 'why', wasClean: true })))).toStrictEqual({
    type: 'close',
    code: 4000,
    reason: 'why',
    wasClean: true,
    initiator: 'local',
    opened: false,
    host: '',
    httpStatus: null,
    attempt: 0,
    uptime: 0,
    unsent: 0,
    sent: null,
  });
});
