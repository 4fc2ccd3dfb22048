import { BehaviorSubject, filter, first, firstValueFrom, fromEvent, merge, of, tap } from 'rxjs';
import { errorOnCode, heartbeat, onOpen, reconnectOnCode, webSocket, type WebSocketSubject } from 'websocket-subject';
import { z } from 'zod';
import { policy } from './policy.js';
import { say } from './say.mjs';
import { telling } from './telling.js';

const Acknowledgement = z.object({ have: z.int().nonnegative() });
type Acknowledgement = z.infer<typeof Acknowledgement>;

/**
 * Values on their way into the sink, each kept until the sink has said that it has it: that a transport took it says nothing about that.
 *
 * What waits in the outbox is kept by the subject, over reconnects. What a transport took and the sink does not have is sent again on each connection,
 * before the outbox.
 */
export class Delivery<Value extends { n: number }> {
  connections = 0;
  /** The most values that were on their way at once. */
  most = 0;
  readonly #limit: number;
  readonly #socket: WebSocketSubject<Acknowledgement, Value>;
  readonly #ended: Promise<void>;
  readonly #failure = new AbortController();
  /** On their way, oldest first. */
  #values: Value[] = [];
  /** How many they are; errors when no more can be delivered. */
  readonly #count = new BehaviorSubject(0);
  /** The number up to which transports took them. */
  #taken = 0;
  /** The number up to which the sink has them; unknown until it has said so. */
  #have = -1;

  /** At most `limit` values are on their way at once. */
  constructor(url: string, limit: number) {
    this.#limit = limit;
    const base = webSocket<Acknowledgement, Value>({ url, schema: Acknowledgement });
    this.#socket = base.pipeEvents(
      // The outbox waits for the first message, and for what is sent because of it.
      onOpen((open) => open.messages.pipe(first(), tap(({ have }) => {
        this.#acknowledge(have);
        const again = this.#values.filter(({ n }) => n <= this.#taken);
        for (const value of again) open.send(value);
        this.connections += 1;
        say({ open: 'sink', have, again: again.length });
      }))),
      heartbeat({ every: 15_000, timeout: 10_000 }),
      reconnectOnCode(policy),
      telling('sink'),
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

  /** Aborted when no more can be delivered. */
  get failed(): AbortSignal {
    return this.#failure.signal;
  }

  /** How many values are on their way. */
  get pending(): number {
    return this.#values.length;
  }

  /** The number up to which the sink has values, when it has said so; 0 when `stop` is aborted before that. */
  async begin(stop: AbortSignal): Promise<number> {
    const stopped = stop.aborted ? of(null) : fromEvent(stop, 'abort');
    await firstValueFrom(merge(this.#count.pipe(filter(() => this.#have >= 0)), stopped));
    return Math.max(this.#have, 0);
  }

  /** Sends a value, as soon as there is room for one more. */
  async deliver(value: Value): Promise<void> {
    if (this.pending >= this.#limit) say({ full: this.pending, next: value.n });
    await firstValueFrom(this.#count.pipe(filter((count) => count < this.#limit)));
    this.#values.push(value);
    this.most = Math.max(this.most, this.pending);
    this.#count.next(this.pending);
    this.#socket.send(value).then(
      () => (this.#taken = value.n),
      (error: unknown) => this.fail(error),
    );
  }

  /** Waits until the sink has everything, and closes with 1000. */
  async finish(): Promise<void> {
    await firstValueFrom(this.#count.pipe(filter((count) => count === 0)));
    this.#socket.complete();
    await this.#ended;
  }

  /** Gives up: everybody who waits gets `reason`. */
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
