import type { NextObserver } from 'rxjs';
import { expectTypeOf, test } from 'vitest';
import { CloseCode } from '../../src/close/CloseCode.js';
import { CloseEvent, type CleanCloseEvent, type UncleanCloseEvent } from '../../src/close/CloseEvent.js';
import { WebSocketCloseError } from '../../src/close/WebSocketCloseError.js';

declare const delivered: CleanCloseEvent | UncleanCloseEvent;
declare const event: CloseEvent;

test('clean and unclean events narrow on wasClean', () => {
  expectTypeOf(delivered.type).toEqualTypeOf<'close'>();
  if (delivered.wasClean) expectTypeOf(delivered).toEqualTypeOf<CleanCloseEvent>();
  else expectTypeOf(delivered).toEqualTypeOf<UncleanCloseEvent>();
});

test('clean and unclean events are CloseEvents, but a CloseEvent is neither', () => {
  expectTypeOf<CleanCloseEvent>().toExtend<CloseEvent>();
  expectTypeOf<UncleanCloseEvent>().toExtend<CloseEvent>();
  expectTypeOf<CloseEvent>().not.toExtend<CleanCloseEvent | UncleanCloseEvent>();
});

test('close events narrow among other socket events', () => {
  const either = delivered as typeof delivered | { type: 'message'; data: number };
  if (either.type === 'message') expectTypeOf(either.data).toEqualTypeOf<number>();
  else expectTypeOf(either.wasClean).toEqualTypeOf<boolean>();
});

test('the code accepts any number, and comparing it with a named code does not narrow the event', () => {
  expectTypeOf(event.code).toExtend<number>();
  expectTypeOf<4401>().toExtend<CloseEvent['code']>();
  if (event.code === CloseCode.ServiceRestart) expectTypeOf(event.reason).toEqualTypeOf<string>();
});

test('it is an Event where the libs declare one, and can be passed where the DOM expects a CloseEvent', () => {
  expectTypeOf<CloseEvent>().toExtend<Event>();
  new EventTarget().dispatchEvent(event);
  const observer: NextObserver<globalThis.CloseEvent> = { next: (closeEvent) => closeEvent.code };
  observer.next(event);
});

test('its properties are read-only, and the constructor checks its arguments', () => {
  // @ts-expect-error the code is read-only
  event.code = 1000;
  // @ts-expect-error the list is read-only
  event.unsent = [];
  // @ts-expect-error the elements of the list are read-only
  event.unsent.push(1);
  // @ts-expect-error the sent code is read-only
  if (event.sent) event.sent.code = 1000;
  // @ts-expect-error the type is missing
  new CloseEvent();
  // @ts-expect-error the code is a number
  new CloseEvent('close', { code: '1000' });
  // @ts-expect-error `unsent` is not an option of the constructor
  new CloseEvent('close', { unsent: [] });
});

test('the error carries a clean or an unclean event, and its constructor accepts any CloseEvent', () => {
  const error = new WebSocketCloseError(new CloseEvent('close', { code: 1006 }));
  expectTypeOf(error.event).toEqualTypeOf<CleanCloseEvent | UncleanCloseEvent>();
  expectTypeOf(error.name).toEqualTypeOf<'WebSocketCloseError'>();
  expectTypeOf(error.cause).toBeUnknown();
});
