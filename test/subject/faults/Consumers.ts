import { Observable } from 'rxjs';
import { iterate, latestBy, topics, type WebSocketSubject } from '../../../src/index.js';
import { subscribeRequest, unsubscribeRequest } from './Ledger.js';

type Call = <T>(callback: string, work: () => T) => T;

/** Consumers of messages besides subscribers: topics, the latest of each key, and a loop that is busy with each message until it is released. */
export class Consumers {
  readonly #busy = new Set<() => void>();
  readonly streams: Readonly<Record<string, () => Observable<unknown>>>;

  constructor(socket: WebSocketSubject<unknown>, call: Call) {
    const topic = topics<unknown, unknown, unknown>(socket, {
      keyOf: (message) => call('keyOf', () => message),
      subscribe: () => call('topic subscribe', () => subscribeRequest),
      end: () => call('topic end', () => undefined),
      unsubscribe: () => call('topic unsubscribe', () => unsubscribeRequest),
    });
    this.streams = {
      topic: () => topic(7),
      'another topic': () => topic(8),
      latest: () => socket.pipe(latestBy((message) => call('latestBy keyOf', () => message), { every: 30 })),
      loop: () => this.#loop(socket),
    };
  }

  /** Busy loops take their next message. */
  release(): void {
    for (const next of [...this.#busy]) {
      this.#busy.delete(next);
      next();
    }
  }

  #loop(socket: WebSocketSubject<unknown>): Observable<unknown> {
    return new Observable((subscriber) => {
      const iterator = iterate(socket, { highWaterMark: 1 });
      const took = (result: IteratorResult<unknown, unknown>): void => {
        if (result.done === true) subscriber.complete();
        else {
          this.#busy.add(take);
          subscriber.next(result.value);
        }
      };
      const take = (): void => void iterator.next().then(took, (error: unknown) => subscriber.error(error));
      take();
      return () => {
        this.#busy.delete(take);
        void iterator.return?.();
      };
    });
  }
}
