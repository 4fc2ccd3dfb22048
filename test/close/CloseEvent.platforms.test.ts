/* eslint-disable @typescript-eslint/no-deprecated -- initCloseEvent is what is tested */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** The module, evaluated anew on the platform as it is now. */
const load = () => import('../../src/close/CloseEvent.js');

beforeEach(() => {
  vi.resetModules();
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const facts = {
  code: 1006,
  reason: '',
  wasClean: false,
  initiator: 'transport',
  opened: false,
  attempt: 0,
  uptime: 0,
  unsent: [],
  sent: null,
  cause: undefined,
} as const;

describe('on a platform without Event', () => {
  beforeEach(() => {
    vi.stubGlobal('Event', undefined);
  });

  test('a CloseEvent is made all the same', async () => {
    const { CloseEvent } = await load();
    const defaults = { code: 0, reason: '', wasClean: false, bubbles: false, cancelable: false, composed: false };
    expect(new CloseEvent('close')).toMatchObject({ type: 'close', ...defaults });
    const init = { code: 4401, reason: 'expired', wasClean: true, bubbles: true, cancelable: true, composed: true };
    expect(new CloseEvent('end', init)).toMatchObject({ type: 'end', ...init });
    expect(String(new CloseEvent('close', { code: 1006 }))).toBe('CloseEvent: 1006 Abnormal Closure, not clean');
  });

  test('initCloseEvent sets all six', async () => {
    const { CloseEvent } = await load();
    const event = new CloseEvent('close');
    event.initCloseEvent('end', true, true, true, 65_536 + 1000, 'why');
    expect(event).toMatchObject({ type: 'end', bubbles: true, cancelable: true, wasClean: true, code: 1000, reason: 'why' });
  });

  test('initCloseEvent does nothing on a delivered one', async () => {
    const { makeCloseEvent } = await load();
    const event = makeCloseEvent(facts);
    event.initCloseEvent('end', true, true, true, 1000, 'why');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: false, code: 1006, reason: '' });
  });
});

test('where Event has no initEvent, initCloseEvent sets all six itself', async () => {
  vi.stubGlobal(
    'Event',
    class extends Event {
      override initEvent = undefined as unknown as Event['initEvent'];
    },
  );
  const { CloseEvent } = await load();
  const event = new CloseEvent('close');
  event.initCloseEvent('end', true, true, true, 4401, 'why');
  expect(event).toMatchObject({ type: 'end', bubbles: true, cancelable: true, wasClean: true, code: 4401, reason: 'why' });
});

test('a platform with a CloseEvent of its own changes nothing: ours is ours', async () => {
  class Theirs extends Event {}
  vi.stubGlobal('CloseEvent', Theirs);
  const { CloseEvent } = await load();
  expect(new CloseEvent('close')).not.toBeInstanceOf(Theirs);
});
