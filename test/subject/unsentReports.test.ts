import { filter, lastValueFrom, map, merge, NEVER, retry, take, tap } from 'rxjs';
import { expect, it } from 'vitest';
import { after, closeEvent, errorOnCode, messages, reconnectOnCode, type WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';
import { setUp, setUpFake } from './setUp.js';

type Subject = WebSocketSubject<number>;
const ignore = { error: () => undefined };

/** What `warnings` says of two values that the end leaves unsent on a connection that is being made. */
function reportOf(listen: (socket: Subject) => unknown, end: (socket: Subject) => void, config: Partial<WebSocketSubjectConfig<number>> = {}): unknown {
  const { socket, warnings } = setUp(config);
  listen(socket);
  socket.next(1);
  socket.next(2);
  end(socket);
  return warnings.flatMap((warning) => (warning.kind === 'dropped' ? warning.values : []));
}

const close = (socket: Subject): void => socket.close();
const reconnecting = (socket: Subject): Subject => socket.pipeEvents(reconnectOnCode(after(1_000)));

it.each<[string, (socket: Subject) => unknown, unknown]>([
  ['messages only', (socket) => socket.subscribe(ignore), [1, 2]],
  ['events', (socket) => socket.events.subscribe(ignore), []],
  ['events, as a promise', (socket) => void lastValueFrom(socket.events), []],
  ['events through an RxJS operator', (socket) => socket.events.pipe(map(({ type }) => type)).subscribe(ignore), []],
  ['events by hand', (socket) => socket.events.pipe(reconnectOnCode(after(0))).subscribe(ignore), []],
  ['closeEvent()', (socket) => socket.events.pipe(closeEvent()).subscribe(ignore), []],
  ['messages()', (socket) => socket.events.pipe(messages()).subscribe(ignore), [1, 2]],
  ['messages of a subject with an operator of this library', (socket) => reconnecting(socket).subscribe(ignore), [1, 2]],
  ['events of such a subject', (socket) => reconnecting(socket).events.subscribe(ignore), []],
  ['messages of a subject with an RxJS operator', (socket) => socket.pipeEvents(tap()).subscribe(ignore), [1, 2]],
  ['events of such a subject', (socket) => socket.pipeEvents(tap()).events.subscribe(ignore), []],
  ['messages of a subject whose operator subscribes twice', (socket) => socket.pipeEvents((events) => merge(events.pipe(filter(({ type }) => type === 'message')), events.pipe(filter(({ type }) => type !== 'message')))).subscribe(ignore), [1, 2]],
  ['messages of one subject, events of another', (socket) => [reconnecting(socket).subscribe(ignore), socket.events.subscribe(ignore)], []],
  ['messages of both', (socket) => [reconnecting(socket).subscribe(ignore), socket.subscribe(ignore)], [1, 2]],
  ['messages, as errors of clean closes', (socket) => socket.pipeEvents(errorOnCode(() => true)).subscribe(ignore), [1, 2]],
])('S13: values that close() leaves unsent are reported unless their CloseEvent was received: %s', (_name, listen, expected) => {
  expect(reportOf(listen, close)).toEqual(expected);
});

it.each<[string, (socket: Subject) => void, unknown]>([
  ['error()', (socket) => socket.error(new Error('given')), [1, 2]],
  ['unsubscribe()', (socket) => socket.unsubscribe(), [1, 2]],
  ['close() with a closeObserver', close, []],
])('S13: after %s', (name, end, expected) => {
  const config = name.includes('closeObserver') ? { closeObserver: { next: () => undefined } } : {};
  expect(reportOf((socket) => socket.subscribe(ignore), end, config)).toEqual(expected);
});

it('S13: the error of an unclean close names what was unsent, so that no warning does', () => {
  const { socket, last, warnings } = setUp();
  const errors: unknown[] = [];
  socket.subscribe({ error: (error: unknown) => errors.push(error) });
  socket.next(1);
  socket.complete();
  last().drop();
  expect(errors).toMatchObject([{ event: { unsent: [1] } }]);
  expect(warnings).toEqual([]);
});

it('S13: so does the error for a subscriber that still waits for its retry', () => {
  const { socket, last, warnings } = setUp();
  const errors: unknown[] = [];
  socket.pipeEvents(reconnectOnCode(after(60_000))).subscribe({ error: (error: unknown) => errors.push(error) });
  const other = socket.pipeEvents(reconnectOnCode(after(0))).subscribe();
  last().drop();
  socket.next(1);
  socket.complete();
  other.unsubscribe();
  last().drop();
  expect(errors).toMatchObject([{ event: { unsent: [1] } }]);
  expect(warnings).toEqual([]);
});

it('S13: not so the error that error() has given, though the close is unclean', () => {
  const { socket, sockets, warnings } = setUpFake();
  const errors: unknown[] = [];
  socket.subscribe({ error: (error: unknown) => errors.push(error) });
  sockets.last.open();
  sockets.last.readyState = 2;
  socket.next(1);
  socket.error('given');
  sockets.last.drop();
  expect([errors, warnings]).toMatchObject([['given'], [{ kind: 'dropped', values: [1], why: 'no subscriber received the CloseEvent' }]]);
});

it('S13: nor the error of a session that an operator of yours has left', () => {
  const { socket, last, warnings } = setUp();
  const errors: unknown[] = [];
  socket.pipeEvents((events) => merge(events.pipe(take(2)), NEVER)).subscribe({ error: (error: unknown) => errors.push(error) });
  socket.next(1);
  last().accept();
  last().drop();
  expect([errors, warnings]).toMatchObject([[], [{ kind: 'dropped', values: [1] }]]);
});

it('S13: an error that reached no subscriber, since the subject lingers, is no report', () => {
  const { socket, last, warnings } = setUp({ linger: 1_000 });
  socket.subscribe(ignore).unsubscribe();
  socket.next(1);
  socket.complete();
  last().drop();
  expect(warnings).toMatchObject([{ kind: 'dropped', values: [1] }]);
});

it("S13: nor is one after the subscriber has left in the status of the end, or an operator's second subscription", () => {
  const { socket, last, warnings } = setUp();
  const subscription = socket.subscribe(ignore);
  socket.status.subscribe(({ state }) => state === 'closed' && subscription.unsubscribe());
  socket.next(1);
  socket.complete();
  last().drop();
  expect(warnings).toMatchObject([{ kind: 'dropped', values: [1] }]);
  socket.pipeEvents(retry(1)).subscribe(ignore);
  last().drop();
  socket.next(2);
  socket.close();
  expect(warnings).toMatchObject([{ values: [1] }, { kind: 'dropped', values: [2] }]);
});

it('S13: a close that was received before, and not the final one, reports nothing', () => {
  const { socket, last, warnings } = setUp();
  socket.events.subscribe(ignore);
  reconnecting(socket).subscribe(ignore);
  last().accept();
  last().close(1012);
  socket.next(1);
  socket.close();
  expect(warnings).toMatchObject([{ kind: 'dropped', values: [1], count: 1 }]);
});

it('S13: not the values of send(), whose promises reject', async () => {
  const { socket, warnings } = setUp();
  socket.subscribe(ignore);
  const sent = expect(socket.send(1)).rejects.toMatchObject({ name: 'UnsentError', unsent: [1] });
  socket.next(2);
  socket.close();
  await sent;
  expect(warnings).toMatchObject([{ kind: 'dropped', values: [2], count: 1 }]);
});

it('S13: next() does not throw what a transport throws: the value waits for the next connection', () => {
  const { socket, sockets, warnings } = setUpFake();
  const seen: string[] = [];
  socket.pipeEvents(reconnectOnCode(after(0))).events.subscribe(({ type }) => seen.push(type));
  sockets.last.open();
  const broken = sockets.last;
  broken.send = () => {
    throw new Error('EPIPE');
  };
  socket.next(1);
  expect(seen.slice(-2)).toEqual(['reconnecting', 'connecting']);
  sockets.last.open();
  socket.next(2);
  expect([broken.sent, sockets.last.sent]).toEqual([[], ['1', '2']]);
  expect(warnings).toEqual([]);
  socket.close();
  sockets.last.closeClean(1000);
});
