import { BehaviorSubject, type Observable } from 'rxjs';
import type { StatusFacts } from './Phase.js';
import type { SocketStatus } from './SocketStatus.js';
import { Turns } from './Turns.js';

/** The one status of a core, shared by its faces; it replays the present and never connects (S10). */
export class StatusStore {
  readonly changes: Observable<SocketStatus>;
  readonly #told: BehaviorSubject<SocketStatus>;
  readonly #turns = new Turns();
  #now: SocketStatus = { state: 'idle', queued: 0 };

  constructor() {
    this.#told = new BehaviorSubject(this.#now);
    this.changes = this.#told.asObservable();
  }

  set(facts: StatusFacts, queued: number): void {
    this.#tell({ ...facts, queued });
  }

  /** Tells a new length of the outbox. */
  setQueued(queued: number): void {
    if (this.#now.queued !== queued) this.#tell({ ...this.#now, queued });
  }

  /** A status that telling another one has caused is told after it, so that every subscriber has the newest last. */
  #tell(status: SocketStatus): void {
    this.#now = status;
    this.#turns.take(() => this.#told.next(status));
  }
}
