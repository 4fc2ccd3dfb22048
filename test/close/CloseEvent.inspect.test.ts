import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { CloseEvent, makeCloseEvent } from '../../src/close/CloseEvent.js';

test('a console in Node shows its facts', () => {
  const event = new CloseEvent('close', { code: 4000, reason: 'why' });
  const shown = inspect(event);
  expect(shown).toMatch(/^CloseEvent \{/);
  expect(shown).toContain("type: 'close'");
  expect(shown).toContain('code: 4000');
  expect(shown).toContain("reason: 'why'");
  expect(shown).toContain('unsent: []');
  expect(inspect({ a: { event } }, { depth: 0 })).toBe('{ a: [Object] }');
  expect(inspect({ event }, { depth: 0 })).toBe('{ event: CloseEvent: 4000 private use, "why", not clean }');
});

test('a console in Node shows the unsent values and the cause', () => {
  const shown = inspect(
    makeCloseEvent({
      code: 1006,
      reason: '',
      wasClean: false,
      initiator: 'transport',
      opened: true,
      attempt: 3,
      uptime: 1234,
      unsent: [{ op: 'watch' }],
      sent: null,
      cause: new TypeError('socket hang up'),
    }),
  );
  expect(shown).toContain("unsent: [ { op: 'watch' } ]");
  expect(shown).toContain('TypeError: socket hang up');
});
