import { describe, expect, test, vi } from 'vitest';
import { CloseEvent } from '../../src/close/CloseEvent.js';
import { deliveredEvent } from './deliveredEvent.js';

/** The method as a function, so that the tests can call it with any arguments although it is deprecated. */
type Init = (this: CloseEvent, ...args: unknown[]) => void;
const initCloseEvent = Object.getOwnPropertyDescriptor(CloseEvent.prototype, 'initCloseEvent')?.value as Init;
const init = (event: CloseEvent, ...args: unknown[]): void => {
  initCloseEvent.apply(event, args);
};

test('it sets all six properties of an event that your code constructed', () => {
  const event = new CloseEvent('close', { code: 1000, reason: 'first', wasClean: false });
  init(event, 'end', true, true, true, 4401, 'second');
  expect(event).toMatchObject({ type: 'end', bubbles: true, cancelable: true, wasClean: true, code: 4401, reason: 'second' });
});

test('it can reset them', () => {
  const event = new CloseEvent('close', { bubbles: true, cancelable: true, wasClean: true, code: 4000, reason: 'why' });
  init(event, 'close', false, false, false, 0, '');
  expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: false, code: 0, reason: '' });
});

test('it changes no other property', () => {
  const event = new CloseEvent('close', { composed: true });
  init(event, 'end', true, true, true, 4401, 'second');
  expect(event).toMatchObject({ composed: true, initiator: 'local', opened: false, attempt: 0, uptime: 0, unsent: [], sent: null });
});

test('a dispatch uses the new type', () => {
  const target = new EventTarget();
  const listener = vi.fn();
  target.addEventListener('close', () => listener('close'));
  target.addEventListener('end', (event) => listener('end', event instanceof CloseEvent && event.code));
  const event = new CloseEvent('close');
  init(event, 'end', false, false, true, 4401, '');
  target.dispatchEvent(event);
  expect(listener.mock.calls).toStrictEqual([['end', 4401]]);
});

test('it can make an event cancelable', () => {
  const target = new EventTarget();
  target.addEventListener('close', (event) => {
    event.preventDefault();
  });
  const event = new CloseEvent('close');
  init(event, 'close', false, true, true, 1000, '');
  expect(target.dispatchEvent(event)).toBe(false);
});

test.each([
  [65_536 + 1000, 1000],
  [-1, 65_535],
  ['1012', 1012],
  [NaN, 0],
  [undefined, 0],
  [3000.7, 3000],
])('it converts the code %s to the unsigned 16-bit number %d', (code, converted) => {
  const event = new CloseEvent('close');
  init(event, 'close', false, false, false, code, '');
  expect(event.code).toBe(converted);
});

test('it converts the other arguments too', () => {
  const event = new CloseEvent('close');
  init(event, 5, 'yes', 0, 'yes', 1000, 'a\uDC00');
  expect(event).toMatchObject({ type: '5', bubbles: true, cancelable: false, wasClean: true, reason: 'a\uFFFD' });
});

test('it can be called again', () => {
  const event = new CloseEvent('close');
  init(event, 'a', true, true, true, 4000, 'a');
  init(event, 'b', false, false, false, 4001, 'b');
  expect(event).toMatchObject({ type: 'b', bubbles: false, cancelable: false, wasClean: false, code: 4001, reason: 'b' });
});

describe('during a dispatch', () => {
  test('it does nothing', () => {
    const target = new EventTarget();
    const event = new CloseEvent('close', { code: 1000, reason: 'first', wasClean: true });
    const during = vi.fn();
    target.addEventListener('close', () => {
      init(event, 'end', true, true, false, 4401, 'second');
      during(event.type, event.bubbles, event.cancelable, event.wasClean, event.code, event.reason);
    });
    target.dispatchEvent(event);
    expect(during).toHaveBeenCalledExactlyOnceWith('close', false, false, true, 1000, 'first');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 1000, reason: 'first' });
  });

  test('it works again once the dispatch is over', () => {
    const event = new CloseEvent('close');
    new EventTarget().dispatchEvent(event);
    init(event, 'end', true, true, true, 4401, 'second');
    expect(event).toMatchObject({ type: 'end', bubbles: true, cancelable: true, wasClean: true, code: 4401, reason: 'second' });
  });
});

describe('on an event that a stream delivered', () => {
  const delivered = (): CloseEvent =>
    deliveredEvent({ code: 1012, reason: 'deploy', wasClean: true, initiator: 'remote', uptime: 10 });

  test('it does nothing', () => {
    const event = delivered();
    init(event, 'end', true, true, false, 4401, 'second');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 1012, reason: 'deploy' });
  });

  test('it does nothing after a dispatch', () => {
    const event = delivered();
    new EventTarget().dispatchEvent(event);
    init(event, 'end', true, true, false, 4401, 'second');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 1012, reason: 'deploy' });
  });
});

describe('wrong arguments', () => {
  test.each([0, 1, 5])('%d arguments: it throws and changes nothing', (count) => {
    const event = new CloseEvent('close', { code: 4000 });
    const args = ['end', true, true, true, 1000].slice(0, count);
    expect(() => {
      init(event, ...args);
    }).toThrow(expect.objectContaining({ name: 'TypeError', message: expect.stringMatching(/initCloseEvent/) as string }));
    expect(event).toMatchObject({ type: 'close', bubbles: false, code: 4000 });
  });

  test.each([
    ['a symbol as the type', [Symbol('type'), true, true, true, 1000, 'x']],
    ['a symbol as the code', ['end', true, true, true, Symbol('code'), 'x']],
    ['a bigint as the code', ['end', true, true, true, 1000n, 'x']],
    ['a symbol as the reason', ['end', true, true, true, 1000, Symbol('reason')]],
  ])('%s: it throws and changes nothing', (_, args) => {
    const event = new CloseEvent('close', { code: 4000 });
    expect(() => {
      init(event, ...args);
    }).toThrow(TypeError);
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: false, code: 4000, reason: '' });
  });
});
