import { Observable } from 'rxjs';
import type { WebSocketSubject } from '../../src/index.js';
import { subscribeRequest, unsubscribeRequest } from './laws/Values.js';
import type { Library } from './Simulation.js';

type Call = <T>(callback: string, work: () => T) => T;

/** One of two keys, by the number of a message. */
const keyOf = (message: unknown): number => (typeof message === 'number' ? 7 + (message % 2) : 7);

/** Consumers of messages besides subscribers: topics, the latest of each key, and a loop that is busy with each message until it is released. */
export class Consumers {
  readonly #library: Library;
  readonly #busy = new Set<() => void>();
  readonly streams: Readonly<Record<string, () => Observable<unknown>>>;

  constructor(library: Library, socket: WebSocketSubject<unknown>, call: Call) {
    this.#library = library;
    const topic = library.topics<unknown, unknown, unknown>(socket, {
      keyOf: (message) => call('keyOf', () => keyOf(message)),
      subscribe: () => call('topic subscribe', () => subscribeRequest),
      end: () => call('topic end', () => undefined),
      unsubscribe: () => call('topic unsubscribe', () => unsubscribeRequest),
    });
    this.streams = {
      topic: () => topic(7),
      'another topic': () => topic(8),
      latest: () => socket.pipe(library.latestBy((message) => call('latestBy keyOf', () => keyOf(message)), { every: 30 })),
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
      const iterator = this.#library.iterate(socket, { highWaterMark: 1 });
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
