import { Observable } from 'rxjs';
import { latestBy, topics, type WebSocketSubject } from '../../../src/index.js';
import { ask, unask } from './Books.js';

type Call = <T>(callback: string, honest: () => T) => T;

/** What stands behind the streams of messages: topics, the latest of each key, and a loop that takes one message and is busy until it is released. */
export class Readers {
  readonly #busy = new Set<() => void>();
  readonly streams: Readonly<Record<string, () => Observable<unknown>>>;

  constructor(face: WebSocketSubject<unknown>, call: Call) {
    const topic = topics<unknown, unknown, unknown>(face, {
      keyOf: (message) => call('keyOf', () => message),
      subscribe: () => call('topic subscribe', () => ask),
      unsubscribe: () => call('topic unsubscribe', () => unask),
    });
    this.streams = {
      topic: () => topic(7),
      'another topic': () => topic(8),
      latest: () => face.pipe(latestBy((message) => call('latestBy keyOf', () => message), { every: 30 })),
      loop: () => this.#loop(face),
    };
  }

  /** Loops that are busy with a message take the next one. */
  release(): void {
    for (const next of [...this.#busy]) {
      this.#busy.delete(next);
      next();
    }
  }

  #loop(face: WebSocketSubject<unknown>): Observable<unknown> {
    return new Observable((subscriber) => {
      const iterator = face.iterate({ highWaterMark: 1 });
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
