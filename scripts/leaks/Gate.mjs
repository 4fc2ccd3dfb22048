/** Lets a number of cycles through, which run in several lanes, and says when all of them are over: each lane then waits here again. */
export class Gate {
  #lanes;
  #permits = 0;
  #waiting = [];
  #over;

  constructor(lanes) {
    this.#lanes = lanes;
  }

  /** Call it before each cycle. */
  pass() {
    if (this.#permits > 0) {
      this.#permits--;
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === this.#lanes) this.#over?.();
    });
  }

  /** Resolves when so many cycles have run. */
  async run(cycles) {
    while (this.#waiting.length < this.#lanes) await new Promise((resolve) => setImmediate(resolve));
    this.#permits = cycles;
    const over = new Promise((resolve) => (this.#over = resolve));
    for (const resume of this.#waiting.splice(0, cycles)) {
      this.#permits--;
      resume();
    }
    await over;
  }
}
