import { BehaviorSubject, filter, first, firstValueFrom, fromEvent, merge, of, tap } from 'rxjs';
import { errorOnCode, heartbeat, onOpen, reconnectOnCode, webSocket, withSchema, type WebSocketSubject } from 'websocket-subject';
import { z } from 'zod';
import { log } from './log.mjs';
import { logReconnects } from './logReconnects.js';
import { policy } from './policy.js';

const Acknowledgement = z.object({ have: z.int().nonnegative() });
type Acknowledgement = z.infer<typeof Acknowledgement>;

/**
 * Delivers values to the sink. Each value is kept until the sink acknowledges it, since a value that a transport took may still be lost.
 *
 * The subject keeps the values in its outbox across reconnects. Values that a transport took and the sink has not acknowledged are sent again on each
 * connection, before the outbox.
 */
export class Delivery<Value extends { n: number }> {
  connections = 0;
  /** The highest number of unacknowledged values so far. */
  maxPending = 0;
  readonly #limit: number;
  readonly #socket: WebSocketSubject<Acknowledgement, Value>;
  readonly #ended: Promise<void>;
  readonly #failure = new AbortController();
  /** The unacknowledged values, oldest first. */
  #values: Value[] = [];
  /** The number of unacknowledged values; errors when no more values can be delivered. */
  readonly #count = new BehaviorSubject(0);
  /** The number of the last value that a transport took. */
  #taken = 0;
  /** The number of the last value that the sink has; -1 until the sink reports it. */
  #have = -1;

  /** At most `limit` values are unacknowledged at once. */
  constructor(url: string, limit: number) {
    this.#limit = limit;
    const base = webSocket<Acknowledgement, Value>({ url, deserializer: withSchema(Acknowledgement) });
    this.#socket = base.pipeEvents(
      // The outbox waits for the first message, and for the values that are sent again because of it.
      onOpen((open) => open.messages.pipe(first(), tap(({ have }) => {
        this.#acknowledge(have);
        const again = this.#values.filter(({ n }) => n <= this.#taken);
        for (const value of again) open.send(value);
        this.connections += 1;
        log({ open: 'sink', have, again: again.length });
      }))),
      heartbeat({ every: 15_000, timeout: 10_000 }),
      reconnectOnCode(policy),
      logReconnects('sink'),
      errorOnCode(({ code, initiator }) => code !== 1000 || initiator !== 'local'),
    );
    this.#ended = new Promise((resolve) => {
      this.#socket.subscribe({
        next: ({ have }) => this.#acknowledge(have),
        complete: resolve,
        error: (cause: unknown) => {
          this.fail(new Error('The sink takes no more values', { cause }));
          resolve();
        },
      });
    });
  }

  /** Aborted when no more values can be delivered. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  /** The number of unacknowledged values. */
  get pending(): number {
    return this.#values.length;
  }

  /** Waits until the sink reports the number of its last value, and returns it. Returns 0 if `stop` is aborted before that. */
  async begin(stop: AbortSignal): Promise<number> {
    const stopped = stop.aborted ? of(null) : fromEvent(stop, 'abort');
    await firstValueFrom(merge(this.#count.pipe(filter(() => this.#have >= 0)), stopped));
    return Math.max(this.#have, 0);
  }

  /** Sends a value as soon as there is room for it. */
  async deliver(value: Value): Promise<void> {
    if (this.pending >= this.#limit) log({ full: this.pending, next: value.n });
    await firstValueFrom(this.#count.pipe(filter((count) => count < this.#limit)));
    this.#values.push(value);
    this.maxPending = Math.max(this.maxPending, this.pending);
    this.#count.next(this.pending);
    this.#socket.send(value).then(
      () => (this.#taken = value.n),
      (error: unknown) => this.fail(error),
    );
  }

  /** Waits until the sink has acknowledged every value, then closes with 1000. */
  async finish(): Promise<void> {
    await firstValueFrom(this.#count.pipe(filter((count) => count === 0)));
    this.#socket.complete();
    await this.#ended;
  }

  /** Gives up: all pending calls reject with `reason`. */
  fail(reason: unknown): void {
    if (this.failed.aborted) return;
    this.#count.error(reason);
    this.#failure.abort(reason);
    this.#socket.close();
  }

  #acknowledge(have: number): void {
    if (have < this.#have) return this.fail(new Error(`The sink had the values up to ${this.#have}, and now only those up to ${have}`));
    this.#have = have;
    const missing = this.#values.findIndex(({ n }) => n > have);
    this.#values = missing < 0 ? [] : this.#values.slice(missing);
    this.#count.next(this.pending);
  }
}
