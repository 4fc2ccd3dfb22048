import { filter, map, type Observable } from 'rxjs';
import { TestScheduler } from 'rxjs/testing';
import { expect, test } from 'vitest';
import type { SocketEvent } from 'websocket-subject';
import { closedWith, dropped, message, opened, reconnecting } from 'websocket-subject/testing';

/** Emits whether there is a connection. */
const isOnline = <In, Out>(events: Observable<SocketEvent<In, Out>>): Observable<boolean> =>
  events.pipe(filter(({ type }) => type !== 'connecting' && type !== 'message'), map(({ type }) => type === 'open'));

test('isOnline() follows the connection', () => {
  const events = { o: opened<number>(), m: message(1), r: reconnecting({ delay: 500, closeEvent: dropped() }), X: closedWith(1000) };
  const online = { t: true, f: false };
  new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(({ expectObservable, hot }) => {
    expectObservable(hot('-o-m-r-o-(X|)', events).pipe(isOnline)).toBe('-t---f-t-(f|)', online);
  });
});
