import { lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { after, closeEvent, closeGracefully, reconnectOnCode, suspendWhile, webSocket, type ObservableLike, type SocketEvent } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';

/** Chromium's, which TypeScript does not know yet. */
interface PlatformStream<T> {
  map<R>(project: (value: T) => R): PlatformStream<R> & ObservableLike<R>;
}
const when = (target: EventTarget, type: string) => (target as never as { when(type: string): PlatformStream<Event> & ObservableLike<Event> }).when(type);

let peer: Peer;
beforeEach(async () => {
  peer = await serverAt(inject('serverUrl')).peer();
});
afterEach(() => peer.dispose());

/** The events of a subscription, and a promise of the one that comes next. */
function heard(events: { subscribe(next: (event: SocketEvent<unknown, never>) => void): { unsubscribe(): void } }) {
  const log: string[] = [];
  let found: (() => void) | undefined;
  const subscription = events.subscribe(({ type }) => {
    log.push(type);
    found?.();
  });
  return {
    log,
    unsubscribe: () => subscription.unsubscribe(),
    async until(type: string, count = 1): Promise<void> {
      while (log.filter((one) => one === type).length < count) await new Promise<void>((resolve) => (found = resolve));
    },
  };
}

it('when() of an element suspends, and resumes', async () => {
  const button = document.createElement('button');
  const isAway = when(button, 'click').map((event) => (event as UIEvent).detail === 1);
  const click = (away: boolean) => button.dispatchEvent(new MouseEvent('click', { detail: Number(away) }));
  const socket = webSocket<string>(peer.url).pipeEvents(suspendWhile<string, string>(isAway));
  const seen = heard(socket.events);
  await seen.until('open');
  click(true);
  await seen.until('reconnecting');
  click(false);
  await seen.until('open', 2);
  expect(seen.log).toEqual(['connecting', 'open', 'reconnecting', 'connecting', 'open']);
  seen.unsubscribe();
});

it('when() of a target wakes a wait, and ends the session gracefully', async () => {
  const target = new EventTarget();
  const socket = webSocket<string>(peer.url).pipeEvents(
    reconnectOnCode<string, string>(after(600_000), { wake: when(target, 'wake') }),
    closeGracefully(when(target, 'leave'), { code: 4000 }),
  );
  const seen = heard(socket.events);
  const end = lastValueFrom(socket.events.pipe(closeEvent()));
  await seen.until('open');
  await peer.at(0).close(1012);
  await seen.until('reconnecting');
  target.dispatchEvent(new Event('wake'));
  await seen.until('open', 2);
  target.dispatchEvent(new Event('leave'));
  expect(await end).toMatchObject({ code: 4000, wasClean: true, initiator: 'local' });
});

it('when() gives a URL', async () => {
  const target = new EventTarget();
  const socket = webSocket<string>({ url: () => when(target, 'found').map(() => peer.url) });
  const seen = heard(socket.events);
  target.dispatchEvent(new Event('found'));
  await seen.until('open');
  seen.unsubscribe();
});

it('transportOptions have no effect, and a warning says so once', async () => {
  const socket = webSocket<string>({ url: peer.url, transportOptions: { Headers: { authorization: 'token' } } });
  const warnings: unknown[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  for (let session = 0; session < 2; session++) {
    const seen = heard(socket.events);
    await seen.until('open');
    seen.unsubscribe();
  }
  expect(warnings).toEqual([{ kind: 'callback', callback: 'transportOptions', error: new TypeError('no effect') }]);
});
