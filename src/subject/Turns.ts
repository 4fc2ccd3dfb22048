/**
 * Lets a session say one thing after another: what a callback causes is told once everybody has heard what caused it. Without it a subscriber
 * would hear of the end before the message that made another subscriber end it.
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #isTaken = false;

  /** Runs now, or, from inside another turn, after it. */
  take(turn: () => void): void {
    if (!this.begin()) {
      this.#waiting.push(turn);
      return;
    }
    try {
      turn();
    } finally {
      this.end();
    }
  }

  /** Runs now: as a turn of its own, or as a part of the one that is under way. */
  join(part: () => void): void {
    const isOwn = this.begin();
    try {
      part();
    } finally {
      if (isOwn) this.end();
    }
  }

  /** Begins a turn without a function to run, for what happens often; says no when another one is under way. */
  begin(): boolean {
    if (this.#isTaken) return false;
    this.#isTaken = true;
    return true;
  }

  /** Ends a turn that was begun, after those that it has caused. */
  end(): void {
    // Mostly nothing waits, and taking the first of nothing costs as much as handing a message over.
    if (this.#waiting.length === 0) {
      this.#isTaken = false;
      return;
    }
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next();
    } finally {
      this.#isTaken = false;
    }
  }
}
