import { Observable, type Subscription } from 'rxjs';
import { sessionKey } from '../close/sessionKey.js';
import { SocketMessage, type CloseValue, type ControlEvent, type SocketEvent } from './events.js';

/**
 * Receives socket events inside the library: control events as objects, messages as bare values. A `SocketMessage` is made only for subscribers of
 * `events`.
 */
export interface Sink<In, Out> {
  /**
   * Makes each operator decide on a close before any subscriber receives it (S10). Returns `'later'` if a custom operator is in between: an operator behind
   * it decides when the close reaches it.
   */
  decide?(event: CloseValue): 'later' | undefined;
  event(event: ControlEvent<In, Out>): void;
  /** A property, so that an operator that ignores messages can reuse the function of its sink. */
  readonly message: (data: In) => void;
  complete(): void;
  error(error: unknown): void;
}

/** Starts sending socket events to a sink, until they end or the subscription is closed. Adds its teardown to that subscription. */
export type Source<In, Out> = (sink: Sink<In, Out>, subscription: Subscription) => void;

/** What a sink does in place of another one. None of them leaves control events as they are. */
export type Overrides<In, Out> = Partial<Sink<In, Out>> & Pick<Sink<In, Out>, 'event'>;

/** Returns a sink that forwards to another one, except for the overrides. */
export function forward<In, Out>(sink: Sink<In, Out>, overrides: Overrides<In, Out>): Sink<In, Out> {
  return {
    decide: (event) => sink.decide?.(event),
    message: sink.message,
    complete: () => sink.complete(),
    error: (error) => sink.error(error),
    ...overrides,
  };
}

// A registered symbol, so that the ES and the CommonJS build of the library know each other's streams.
const sourceKey: unique symbol = Symbol.for('websocket-subject.source');

// True while one of our operators subscribes through a custom operator: decisions behind that come later. Global, so that both builds share it.
const customKey = Symbol.for('websocket-subject.custom');
const scope = globalThis as { [customKey]?: boolean };

/** The socket events of a source as an Observable. It keeps the source, so that our operators find it again behind `pipe`. */
export class SocketEvents<In, Out> extends Observable<SocketEvent<In, Out>> {
  declare readonly [sourceKey]: Source<In, Out>;

  /** @param isInner - whether it is for operators inside `pipeEvents`: only a custom one subscribes to it */
  constructor(connect: Source<In, Out>, isInner = false) {
    super((subscriber) => {
      const isBehindCustom = isInner || scope[customKey] === true;
      // Before connecting: a subscription inside a synchronous event is not behind that operator.
      scope[customKey] = false;
      connect(
        {
          decide: () => (isBehindCustom ? 'later' : undefined),
          event: (event) => {
            subscriber.next(event);
            // An operator inside `pipeEvents` is not a subscriber of yours.
            const session = (event as { [sessionKey]?: { receivedClose?: object } })[sessionKey];
            if (session && event.type === 'close' && !isBehindCustom) session.receivedClose = event;
          },
          message: (data) => subscriber.next(new SocketMessage(data)),
          complete: () => subscriber.complete(),
          error: (error) => subscriber.error(error),
        },
        subscriber,
      );
    });
    this[sourceKey] = connect;
  }
}

/** Returns the source of a stream of socket events: its own, or, behind a custom operator, one that converts its values back. */
export function sourceOf<In, Out>(events: Observable<SocketEvent<In, Out>>, operator: string): Source<In, Out> {
  const own = (events as { [sourceKey]?: Source<In, Out> })[sourceKey];
  return own ?? sourceOfCustomStream(events, operator);
}

function sourceOfCustomStream<In, Out>(events: Observable<SocketEvent<In, Out>>, operator: string): Source<In, Out> {
  return (sink, subscription) => {
    // Before it subscribes, so that a synchronous stream can be stopped.
    const inner = new Observable<SocketEvent<In, Out>>((subscriber) => {
      subscription.add(subscriber);
      scope[customKey] = true;
      try {
        return events.subscribe(subscriber);
      } finally {
        scope[customKey] = false;
      }
    });
    inner.subscribe({
      next: (event) => {
        if (!isSocketEvent(event)) {
          sink.error(new TypeError(`${operator}: no socket event; use it on \`events\` or in \`pipeEvents\``));
          subscription.unsubscribe();
        } else if (event.type === 'message') sink.message(event.data);
        else sink.event(event);
      },
      complete: () => sink.complete(),
      error: (error: unknown) => sink.error(error),
    });
  };
}

const isSocketEvent = (value: unknown): boolean => typeof value === 'object' && value !== null && sessionKey in value;
