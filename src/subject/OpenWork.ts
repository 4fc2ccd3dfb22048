import { from, Subscription, type Observable } from 'rxjs';
import { WebSocketTimeoutError } from '../close/WebSocketTimeoutError.js';

/** What the outbox of an open connection waits for (S12): all of it within one deadline, which begins with the first. */
export class OpenWork {
  readonly #running = new Subscription();
  readonly #timeout: number;
  readonly #failed: (cause: unknown) => void;
  readonly #done: () => void;
  #pending = 0;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  /** `timeout` in ms; `done` is called each time that nothing is pending any more, unless something failed before. */
  constructor(timeout: number, failed: (cause: unknown) => void, done: () => void) {
    this.#timeout = timeout;
    this.#failed = failed;
    this.#done = done;
  }

  get isDone(): boolean {
    return this.#pending === 0;
  }

  add(work: PromiseLike<unknown> | Observable<unknown>): void {
    if (this.#running.closed) return;
    this.#pending++;
    const ms = this.#timeout;
    this.#deadline ??= setTimeout(() => this.#fail(new WebSocketTimeoutError('connect', ms)), ms);
    this.#running.add(
      from(work).subscribe({
        error: (cause: unknown) => this.#fail(cause),
        complete: () => {
          this.#pending--;
          if (this.#pending > 0 || this.#running.closed) return;
          clearTimeout(this.#deadline);
          this.#deadline = undefined;
          this.#done();
        },
      }),
    );
  }

  stop(): void {
    clearTimeout(this.#deadline);
    this.#running.unsubscribe();
  }

  #fail(cause: unknown): void {
    this.stop();
    this.#failed(cause);
  }
}
