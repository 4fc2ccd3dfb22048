import type { Observable } from 'rxjs';
import { describe, expectTypeOf, it } from 'vitest';
import { closeEvent, messages, webSocket } from '../../src/index.js';
import type {
  CleanCloseEvent,
  CloseEvent,
  SocketConnecting,
  SocketEvent,
  SocketMessage,
  SocketOpen,
  SocketReconnecting,
  SocketStatus,
  UncleanCloseEvent,
} from '../../src/index.js';

interface Quote {
  symbol: string;
  price: number;
}
type Ask = 'ask';

declare const event: SocketEvent<Quote, Ask>;
declare const status: SocketStatus;

const never = (value: never): never => value;

describe('SocketEvent', () => {
  it('is the union of six event types, without the class CloseEvent itself', () => {
    expectTypeOf<SocketEvent<Quote, Ask>>().toEqualTypeOf<
      SocketConnecting | SocketOpen<Quote, Ask> | SocketMessage<Quote> | SocketReconnecting | CleanCloseEvent | UncleanCloseEvent
    >();
    expectTypeOf<SocketEvent<Quote, Ask>['type']>().toEqualTypeOf<'connecting' | 'open' | 'message' | 'reconnecting' | 'close'>();
    expectTypeOf<CloseEvent>().not.toExtend<SocketEvent<Quote, Ask>>();
  });

  it('narrows on type, then on wasClean', () => {
    switch (event.type) {
      case 'connecting':
        expectTypeOf(event).toEqualTypeOf<SocketConnecting>();
        break;
      case 'open':
        expectTypeOf(event).toEqualTypeOf<SocketOpen<Quote, Ask>>();
        event.send('ask');
        // @ts-expect-error an incoming value is not an outgoing value
        event.send({ symbol: 'EURUSD', price: 1 });
        break;
      case 'message':
        expectTypeOf(event.data).toEqualTypeOf<Quote>();
        break;
      case 'reconnecting':
        expectTypeOf(event.closeEvent).toExtend<CloseEvent>();
        expectTypeOf(event.delay).toEqualTypeOf<number>();
        break;
      case 'close':
        if (event.wasClean) expectTypeOf(event).toEqualTypeOf<CleanCloseEvent>();
        else expectTypeOf(event).toEqualTypeOf<UncleanCloseEvent>();
        expectTypeOf(event.initiator).toEqualTypeOf<'local' | 'remote' | 'transport'>();
        break;
      default:
        never(event);
    }
  });

  it('narrows on wasClean even if type was not checked', () => {
    if ('wasClean' in event && event.wasClean) expectTypeOf(event).toEqualTypeOf<CleanCloseEvent>();
  });
});

describe('SocketStatus', () => {
  it('narrows on state', () => {
    if (status.state === 'waiting') {
      expectTypeOf(status.until).toEqualTypeOf<number | null>();
      expectTypeOf(status.retryNow).toBeFunction();
    }
    if (status.state === 'closed') expectTypeOf(status.closeEvent).toEqualTypeOf<CloseEvent | null>();
    if (status.state === 'idle') {
      // @ts-expect-error no attempt was made yet
      expectTypeOf(status.attempt);
    }
    expectTypeOf(status.queued).toEqualTypeOf<number>();
  });
});

describe('messages() and closeEvent()', () => {
  const { events } = webSocket<Quote, Ask>('wss://quotes.example.com');

  it('infer the incoming type', () => {
    expectTypeOf(events).toEqualTypeOf<Observable<SocketEvent<Quote, Ask>>>();
    expectTypeOf(events.pipe(messages())).toEqualTypeOf<Observable<Quote>>();
    expectTypeOf(events.pipe(closeEvent())).toEqualTypeOf<Observable<CleanCloseEvent | UncleanCloseEvent>>();
  });
});
