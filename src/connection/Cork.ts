/** A stream that can hold back data, to write it at once. */
export interface Corkable {
  cork(): void;
  uncork(): void;
}

/** Holding back more values than this gains nothing, and takes memory. */
const mostValues = 256;
/** Bytes, or characters of text. */
const mostBytes = 64 * 1024;

/** Fulfilled: its callbacks run when the current task is over. */
const taskEnd = /* @__PURE__ */ Promise.resolve();

/**
 * Holds back the values that are sent within one task, to write them at once: a write for each value costs more than all the rest. The first value of a
 * task leaves at once, since it is usually the only one.
 */
export class Cork {
  #stream: Corkable | null = null;
  #isInTask = false;
  #values = 0;
  #bytes = 0;

  /** From now on data goes to this stream. */
  attach(stream: Corkable): void {
    this.#stream = stream;
  }

  /** Call it before sending a value of about this many bytes. */
  hold(bytes: number): void {
    const stream = this.#stream;
    if (stream === null) return;
    if (!this.#isInTask) {
      this.#isInTask = true;
      // Cheaper than `queueMicrotask`, which in Node keeps an asynchronous context for each call.
      void taskEnd.then(this.#endTask);
      return;
    }
    if (this.#values === mostValues || this.#bytes >= mostBytes) this.release();
    if (this.#values === 0) stream.cork();
    this.#values++;
    this.#bytes += bytes;
  }

  /** Writes the held data. Nothing is held longer than the task. It may be called after the stream has ended. */
  release(): void {
    if (this.#values === 0) return;
    this.#values = 0;
    this.#bytes = 0;
    this.#stream?.uncork();
  }

  readonly #endTask = (): void => {
    this.#isInTask = false;
    this.release();
  };
}
