/**
 * Runs tasks one at a time: a task that a subscriber causes while it handles an event runs after all subscribers have received that event. Otherwise a
 * subscriber would receive the end before the message that made another subscriber end the session. Tasks must not throw.
 */
export class EventQueue {
  #waiting: (() => void)[] = [];
  #isBusy = false;

  /** Runs the task now, or, while another one runs, after it. */
  run(task: () => void): void {
    if (!this.begin()) {
      this.#waiting.push(task);
      return;
    }
    try {
      task();
    } finally {
      this.end();
    }
  }

  /** Runs the task now, as a part of the current task if there is one. */
  join(task: () => void): void {
    const isOwn = this.begin();
    try {
      task();
    } finally {
      if (isOwn) this.end();
    }
  }

  /** Starts a task without a closure, for messages. Returns false if another one runs. */
  begin(): boolean {
    if (this.#isBusy) return false;
    this.#isBusy = true;
    return true;
  }

  /** Ends a task that was begun, and runs those that wait. */
  end(): void {
    try {
      // Nothing waits after most messages, and to shift an empty array costs as much as delivering one.
      while (this.#waiting.length > 0) this.#waiting.shift()?.();
    } finally {
      this.#isBusy = false;
    }
  }
}
