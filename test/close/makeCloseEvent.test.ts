import { expect, test } from 'vitest';
import { CloseEvent, makeCloseEvent, type CloseFacts } from '../../src/close/CloseEvent.js';

const facts = (more: Partial<CloseFacts> = {}): CloseFacts => ({
  code: 1006,
  reason: '',
  wasClean: false,
  initiator: 'transport',
  opened: true,
  attempt: 3,
  uptime: 1234,
  unsent: [{ op: 'watch' }],
  sent: { code: 4000, reason: 'why' },
  cause: new TypeError('socket hang up'),
  ...more,
});

test('a delivered event has the type close and every fact as it was', () => {
  const given = facts();
  const event = makeCloseEvent(given);
  expect(event).toBeInstanceOf(CloseEvent);
  expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, ...given });
  expect(event.cause).toBe(given.cause);
  expect(event.unsent[0]).toBe(given.unsent[0]);
});

test('a delivered event cannot be changed, not even by a redefinition', () => {
  const event = makeCloseEvent(facts());
  for (const name of Object.keys(facts())) {
    expect(() => Object.defineProperty(event, name, { value: 'other' })).toThrow(TypeError);
    expect(() => Reflect.set(event, name, 'other')).not.toThrow();
  }
  expect(event).toMatchObject(facts());
  expect(() => (event.unsent as unknown[]).push(1)).toThrow(TypeError);
  expect(() => Object.assign(event.sent ?? {}, { code: 1 })).toThrow(TypeError);
});

test('what the maker does with its own lists and records later changes nothing', () => {
  const unsent: unknown[] = [1];
  const sent = { code: 4000, reason: 'why' };
  const event = makeCloseEvent(facts({ unsent, sent }));
  unsent.push(2);
  sent.code = 1;
  expect(event).toMatchObject({ unsent: [1], sent: { code: 4000, reason: 'why' } });
});

test('a delivered event can be dispatched', () => {
  const target = new EventTarget();
  const seen: unknown[] = [];
  target.addEventListener('close', (event) => {
    if (event instanceof CloseEvent) seen.push(event, event.code, event.uptime);
  });
  const event = makeCloseEvent(facts());
  target.dispatchEvent(event);
  target.dispatchEvent(event);
  expect(seen).toStrictEqual([event, 1006, 1234, event, 1006, 1234]);
});

test('as JSON it counts the unsent values and tells the cause in words, so that no value of the program can break a log', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const json = JSON.stringify(makeCloseEvent(facts({ unsent: [1n, cyclic] })));
  expect(JSON.parse(json)).toMatchObject({
    code: 1006,
    initiator: 'transport',
    opened: true,
    attempt: 3,
    uptime: 1234,
    unsent: 2,
    sent: { code: 4000, reason: 'why' },
    cause: 'TypeError: socket hang up',
  });
});

test('a cause that cannot even be shown breaks no log either', () => {
  const json = JSON.stringify(makeCloseEvent(facts({ cause: Object.create(null) })));
  expect(JSON.parse(json)).toMatchObject({ cause: 'something that cannot be shown' });
});
