import { Observable, type Subscription } from 'rxjs';
import { socketEventBrand } from '../close/socketEventBrand.js';
import { SocketMessage, type ControlEvent, type SocketEvent } from './events.js';
import type { SocketOperator } from './SocketOperator.js';

/**
 * Where socket events go, inside the library: control events as objects, messages as bare values. Operators are written against `Source` and
 * `Sink`; a `SocketMessage` exists only where `events` is subscribed as an Observable.
 */
export interface Sink<In, Out> {
  event(event: ControlEvent<In, Out>): void;
  message(data: In): void;
  complete(): void;
  error(error: unknown): void;
}

/**
 * Starts sending socket events to a sink until they end or `subscription` is closed; what must then be undone is added to `subscription`.
 */
export type Source<In, Out> = (sink: Sink<In, Out>, subscription: Subscription) => void;

// A registered symbol, so that the ES and the CommonJS build of the library know each other's streams.
const sourceKey = Symbol.for('websocket-subject.source');

/** The Observable of a source; it carries the source, so that our operators find it again behind `pipe`. */
export function eventsFrom<In, Out>(source: Source<In, Out>): Observable<SocketEvent<In, Out>> {
  const events = new Observable<SocketEvent<In, Out>>((subscriber) => {
    source(
      {
        event: (event) => subscriber.next(event),
        message: (data) => subscriber.next(new SocketMessage(data)),
        complete: () => subscriber.complete(),
        error: (error) => subscriber.error(error),
      },
      subscriber,
    );
  });
  return Object.defineProperty(events, sourceKey, { value: source });
}

/**
 * The source of a stream of socket events: its own one, or, behind an operator of somebody else, one that takes the stream apart again.
 */
export function sourceOf<In, Out>(events: Observable<SocketEvent<In, Out>>, operator: string): Source<In, Out> {
  const own = (events as { [sourceKey]?: Source<In, Out> })[sourceKey];
  return own ?? foreignSource(events, operator);
}

/** Makes an operator out of what it does between a source and a sink, once per subscriber. */
export function socketOperator<In, Out>(
  name: string,
  connect: (source: Source<In, Out>, sink: Sink<In, Out>, subscription: Subscription) => void,
): SocketOperator<In, Out> {
  return (events) => {
    const source = sourceOf(events, name);
    return eventsFrom((sink, subscription) => connect(source, sink, subscription));
  };
}

function foreignSource<In, Out>(events: Observable<SocketEvent<In, Out>>, operator: string): Source<In, Out> {
  return (sink, subscription) => {
    const inner = new Observable<SocketEvent<In, Out>>((subscriber) => {
      subscription.add(subscriber);
      return events.subscribe(subscriber);
    });
    inner.subscribe({
      next: (event) => {
        if (!isSocketEvent(event)) {
          const what = `${operator} works on socket events, and was given something else: apply it to \`.events\` of a WebSocketSubject, or by \`pipeEvents\``;
          sink.error(new TypeError(what));
          subscription.unsubscribe();
        } else if (event.type === 'message') sink.message(event.data);
        else sink.event(event);
      },
      complete: () => sink.complete(),
      error: (error: unknown) => sink.error(error),
    });
  };
}

const isSocketEvent = (value: unknown): boolean => typeof value === 'object' && value !== null && socketEventBrand in value;
