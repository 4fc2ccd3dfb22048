import { BehaviorSubject, type Observable } from 'rxjs';
import type { SocketStatus } from './SocketStatus.js';
import type { StatusFacts } from './statusOf.js';

/** The one status of a core, shared by its faces; it replays the present and never connects (S10). */
export class StatusStore {
  readonly #now: BehaviorSubject<SocketStatus>;
  readonly changes: Observable<SocketStatus>;

  constructor() {
    this.#now = new BehaviorSubject<SocketStatus>({ state: 'idle', queued: 0 });
    this.changes = this.#now.asObservable();
  }

  set(facts: StatusFacts, queued: number): void {
    this.#now.next({ ...facts, queued });
  }

  /** Tells a new length of the outbox. */
  setQueued(queued: number): void {
    if (this.#now.value.queued !== queued) this.#now.next({ ...this.#now.value, queued });
  }
}
