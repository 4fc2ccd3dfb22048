import type { NextObserver } from 'rxjs';
import { expectTypeOf, test } from 'vitest';
import { CloseCode } from '../../src/close/CloseCode.js';
import { CloseEvent, type CleanCloseEvent, type makeCloseEvent, type UncleanCloseEvent } from '../../src/close/CloseEvent.js';
import { WebSocketCloseError } from '../../src/close/WebSocketCloseError.js';

declare const delivered: ReturnType<typeof makeCloseEvent>;
declare const event: CloseEvent;

test('the two kinds of end narrow on wasClean', () => {
  expectTypeOf(delivered.type).toEqualTypeOf<'close'>();
  if (delivered.wasClean) expectTypeOf(delivered).toEqualTypeOf<CleanCloseEvent>();
  else expectTypeOf(delivered).toEqualTypeOf<UncleanCloseEvent>();
});

test('either kind is a CloseEvent, and a CloseEvent is neither', () => {
  expectTypeOf<CleanCloseEvent>().toExtend<CloseEvent>();
  expectTypeOf<UncleanCloseEvent>().toExtend<CloseEvent>();
  expectTypeOf<CloseEvent>().not.toExtend<CleanCloseEvent | UncleanCloseEvent>();
});

test('the type and the two kinds narrow among other socket events', () => {
  const either = delivered as typeof delivered | { type: 'message'; data: number };
  if (either.type === 'message') expectTypeOf(either.data).toEqualTypeOf<number>();
  else expectTypeOf(either.wasClean).toEqualTypeOf<boolean>();
});

test('a code offers the names and takes any number', () => {
  expectTypeOf(event.code).toExtend<number>();
  expectTypeOf<4401>().toExtend<CloseEvent['code']>();
  if (event.code === CloseCode.ServiceRestart) expectTypeOf(event.reason).toEqualTypeOf<string>();
});

test('it is an Event where the libs know one, and may be given where the DOM asks for a CloseEvent', () => {
  expectTypeOf<CloseEvent>().toExtend<Event>();
  new EventTarget().dispatchEvent(event);
  const observer: NextObserver<globalThis.CloseEvent> = { next: (end) => end.code };
  observer.next(event);
});

test('it cannot be written to, nor made without a type', () => {
  // @ts-expect-error the code is read-only
  event.code = 1000;
  // @ts-expect-error the list is read-only
  event.unsent = [];
  // @ts-expect-error what is in the list is read-only
  event.unsent.push(1);
  // @ts-expect-error the type is missing
  new CloseEvent();
  // @ts-expect-error the code is a number
  new CloseEvent('close', { code: '1000' });
  // @ts-expect-error what is ours is no option
  new CloseEvent('close', { unsent: [] });
});

test('the error carries either kind, and can be made from any CloseEvent', () => {
  const error = new WebSocketCloseError(new CloseEvent('close', { code: 1006 }));
  expectTypeOf(error.event).toEqualTypeOf<CleanCloseEvent | UncleanCloseEvent>();
  expectTypeOf(error.name).toEqualTypeOf<'WebSocketCloseError'>();
  expectTypeOf(error.cause).toBeUnknown();
});
