import { expect, test } from 'vitest';
import { CloseEvent, type CloseFacts } from '../../src/close/CloseEvent.js';
import { sessionKey } from '../../src/close/sessionKey.js';
import { deliveredEvent } from './deliveredEvent.js';

const facts: CloseFacts = {
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

test('JSON has the number of unsent values and the cause as text, so that your values cannot break a log', () => {
  const cyclic: unknown[] = [];
  cyclic.push(cyclic);
  const json = JSON.stringify(deliveredEvent({ ...facts, unsent: [1n, cyclic] }));
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

test('a cause that has no text does not break a log either', () => {
  const json = JSON.stringify(deliveredEvent({ ...facts, cause: Object.create(null) }));
  expect(JSON.parse(json)).toMatchObject({ cause: expect.any(String) as string });
});
