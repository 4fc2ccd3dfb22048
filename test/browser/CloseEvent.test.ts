import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { CloseEvent, webSocket, type SocketEvent } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';

const server = serverAt(inject('serverUrl'));
const peers: Peer[] = [];
afterEach(async () => {
  document.body.replaceChildren();
  for (const peer of peers.splice(0)) await peer.dispose();
});

/** Deprecated for users; here it is what is tested. */
type Six = [type: string, bubbles: boolean, cancelable: boolean, wasClean: boolean, code: number, reason: string];
const init = (event: CloseEvent, ...six: Six): void => {
  (Object.getOwnPropertyDescriptor(CloseEvent.prototype, 'initCloseEvent')?.value as (this: CloseEvent, ...args: Six) => void).apply(event, six);
};

/** An element in an element of the page. */
function elements(): { outer: HTMLElement; inner: HTMLElement } {
  const outer = document.createElement('section');
  const inner = document.createElement('button');
  outer.append(inner);
  document.body.append(outer);
  return { outer, inner };
}

/** The close of a session that the server ended with 4401. */
async function delivered(): Promise<CloseEvent> {
  const peer = await server.peer({ onOpen: [{ do: 'close', code: 4401, reason: 'expired' }] });
  peers.push(peer);
  const last = await new Promise<SocketEvent<unknown, unknown>>((resolve, reject) => {
    let latest: SocketEvent<unknown, unknown>;
    webSocket(peer.url).events.subscribe({ next: (event) => (latest = event), complete: () => resolve(latest), error: reject });
  });
  if (last.type !== 'close') throw new Error(`the last event was ${last.type}`);
  return last;
}

describe('a CloseEvent that a page constructed', () => {
  it("is an Event of the page, and not the platform's own CloseEvent", () => {
    const event = new CloseEvent('close', { code: 1012, reason: 'deploy', wasClean: true });
    expect(event).toBeInstanceOf(Event);
    expect(event).not.toBeInstanceOf(globalThis.CloseEvent);
    expect(event).toMatchObject({ type: 'close', code: 1012, reason: 'deploy', wasClean: true, bubbles: false, cancelable: false, isTrusted: false });
    expect(Object.prototype.toString.call(event)).toBe('[object CloseEvent]');
  });

  it("has what the platform's own has, for the same arguments", () => {
    for (const options of [undefined, {}, { code: 65_536 + 1000, reason: 'ü🔌', wasClean: true, bubbles: true, cancelable: true, composed: true }]) {
      const factsOf = (event: globalThis.CloseEvent | CloseEvent): unknown[] => [
        event.type, event.code, event.reason, event.wasClean, event.bubbles, event.cancelable, event.composed, event.eventPhase,
      ];
      expect(factsOf(new CloseEvent('end', options))).toEqual(factsOf(new globalThis.CloseEvent('end', options)));
    }
  });

  it.each(['an EventTarget', 'an element', 'the window'])('can be dispatched on %s, and listeners see its code and its reason', (name) => {
    const target = name === 'an EventTarget' ? new EventTarget() : name === 'an element' ? elements().inner : window;
    const heard = vi.fn();
    target.addEventListener('session-end', (event) => heard(event, (event as unknown as CloseEvent).code, (event as unknown as CloseEvent).reason), { once: true });
    const event = new CloseEvent('session-end', { code: 4000, reason: 'why', wasClean: true });
    expect(target.dispatchEvent(event)).toBe(true);
    expect(heard.mock.calls).toEqual([[event, 4000, 'why']]);
    expect(heard.mock.calls[0]?.[0]).toBe(event);
    expect(event.target).toBe(target);
  });

  it('bubbles and is cancelled as it says', () => {
    const { outer, inner } = elements();
    const codes: number[] = [];
    outer.addEventListener('close', (event) => {
      codes.push((event as unknown as CloseEvent).code);
      event.preventDefault();
    });
    expect(inner.dispatchEvent(new CloseEvent('close', { code: 4000 }))).toBe(true);
    expect(inner.dispatchEvent(new CloseEvent('close', { code: 4001, bubbles: true }))).toBe(true);
    expect(inner.dispatchEvent(new CloseEvent('close', { code: 4002, bubbles: true, cancelable: true }))).toBe(false);
    expect(codes).toEqual([4001, 4002]);
  });
});

describe('initCloseEvent', () => {
  it('sets all six, and the dispatch goes by them', () => {
    const { outer, inner } = elements();
    const heard = vi.fn();
    inner.addEventListener('close', () => heard('close'));
    outer.addEventListener('end', (event) => {
      event.preventDefault();
      const { type, bubbles, cancelable, wasClean, code, reason } = event as unknown as CloseEvent;
      heard(type, bubbles, cancelable, wasClean, code, reason);
    });
    const event = new CloseEvent('close', { code: 1000, reason: 'first' });
    init(event, 'end', true, true, true, 65_536 + 4401, 'second');
    expect(event).toMatchObject({ type: 'end', bubbles: true, cancelable: true, wasClean: true, code: 4401, reason: 'second' });
    expect(inner.dispatchEvent(event)).toBe(false);
    expect(heard.mock.calls).toEqual([['end', true, true, true, 4401, 'second']]);
  });

  it('does nothing during a dispatch, and works again after it', () => {
    const { inner } = elements();
    const event = new CloseEvent('close', { code: 1000, reason: 'first', wasClean: true });
    const before = { type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 1000, reason: 'first' };
    const during = vi.fn();
    inner.addEventListener('close', () => {
      init(event, 'end', true, true, false, 4401, 'second');
      const { type, bubbles, cancelable, wasClean, code, reason } = event;
      during({ type, bubbles, cancelable, wasClean, code, reason });
    });
    inner.dispatchEvent(event);
    expect(during.mock.calls).toEqual([[before]]);
    expect(event).toMatchObject(before);
    init(event, 'end', true, true, false, 4401, 'second');
    expect(event).toMatchObject({ type: 'end', bubbles: true, cancelable: true, wasClean: false, code: 4401, reason: 'second' });
  });

  it('does nothing to an event that a stream delivered', async () => {
    const event = await delivered();
    init(event, 'end', true, true, false, 1000, 'other');
    expect(event).toMatchObject({ type: 'close', bubbles: false, cancelable: false, wasClean: true, code: 4401, reason: 'expired' });
  });
});

describe('a CloseEvent that a stream delivered', () => {
  it('is an Event of the page', async () => {
    const event = await delivered();
    expect(event).toBeInstanceOf(Event);
    expect(event).toBeInstanceOf(CloseEvent);
    expect(event).toMatchObject({ type: 'close', code: 4401, reason: 'expired', wasClean: true, initiator: 'remote', opened: true });
  });

  it('can be dispatched, and listeners see its code and its reason', async () => {
    const event = await delivered();
    for (const target of [new EventTarget(), elements().inner]) {
      const heard = vi.fn();
      target.addEventListener('close', (got) => heard(got, (got as unknown as CloseEvent).code, (got as unknown as CloseEvent).reason));
      expect(target.dispatchEvent(event)).toBe(true);
      expect(heard.mock.calls).toEqual([[event, 4401, 'expired']]);
      expect(heard.mock.calls[0]?.[0]).toBe(event);
    }
  });
});
