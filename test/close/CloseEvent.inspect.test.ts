import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { CloseEvent } from '../../src/close/CloseEvent.js';
import { deliveredEvent } from './deliveredEvent.js';

test('a console in Node shows the facts of an event', () => {
  const event = new CloseEvent('close', { code: 4000, reason: 'why' });
  const shown = inspect(event);
  expect(shown).toMatch(/^CloseEvent \{/);
  expect(shown).toContain("type: 'close'");
  expect(shown).toContain('code: 4000');
  expect(shown).toContain("reason: 'why'");
  expect(shown).toContain('unsent: []');
  expect(inspect({ a: { event } }, { depth: 0 })).toBe('{ a: [Object] }');
  expect(inspect(event, { depth: 0 })).toBe(shown);
  expect(inspect({ event }, { depth: 0 })).toBe('{ event: CloseEvent: 4000 "why", not clean }');
});

test('a console in Node shows the unsent values and the cause', () => {
  const shown = inspect(deliveredEvent({ attempt: 3, uptime: 1234, unsent: [{ op: 'watch' }], cause: new TypeError('socket hang up') }));
  expect(shown).toContain("unsent: [ { op: 'watch' } ]");
  expect(shown).toContain('TypeError: socket hang up');
});
