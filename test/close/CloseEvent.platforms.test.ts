/* eslint-disable @typescript-eslint/no-deprecated -- these tests call initCloseEvent */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

/** Evaluates the module again, on the platform that the test has set up. */
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
  host: '',
  httpStatus: null,
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

  test('the constructor makes a CloseEvent', async () => {
    const { CloseEvent } = await load();
    const defaults = { code: 0, reason: '', wasClean: false, bubbles: false, cancelable: false, composed: false };
    expect(new CloseEvent('close')).toMatchObject({ type: 'close', ...defaults });
    const init = { code: 4401, reason: 'expired', wasClean: true, bubbles: true, cancelable: true, composed: true };
    expect(new CloseEvent('end', init)).toMatchObject({ type: 'end', ...init });
    expect(String(new CloseEvent('close', { code: 1006 }))).toBe('CloseEvent: 1006, not clean');
  });

  test('initCloseEvent sets the facts of the close and leaves the rest', async () => {
    const { CloseEvent } = await load();
    const event = new CloseEvent('close');
    event.initCloseEvent('end', true, true, true, 65_536 + 1000, 'why');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 1000, reason: 'why' });
  });

  test('initCloseEvent does nothing on a delivered event', async () => {
    const { CloseEvent } = await load();
    const event = new CloseEvent('close', undefined, facts, {});
    event.initCloseEvent('end', true, true, true, 1000, 'why');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: false, code: 1006, reason: '' });
  });
});

test('where Event has no initEvent, initCloseEvent sets the facts of the close and leaves the rest', async () => {
  vi.stubGlobal(
    'Event',
    class extends Event {
      override initEvent = undefined as unknown as Event['initEvent'];
    },
  );
  const { CloseEvent } = await load();
  const event = new CloseEvent('close');
  event.initCloseEvent('end', true, true, true, 4401, 'why');
  expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 4401, reason: 'why' });
});

test('on a platform with its own CloseEvent, ours does not extend it', async () => {
  class PlatformCloseEvent extends Event {}
  vi.stubGlobal('CloseEvent', PlatformCloseEvent);
  const { CloseEvent } = await load();
  expect(new CloseEvent('close')).not.toBeInstanceOf(PlatformCloseEvent);
});
