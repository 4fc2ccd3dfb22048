/** The reports of a page and of its server, in the order in which the test received them. */
export class Journal {
  readonly #entries: string[] = [];
  readonly #checks = new Set<() => void>();

  /** The number of entries so far. */
  get end(): number {
    return this.#entries.length;
  }

  write(entry: string): void {
    this.#entries.push(entry);
    for (const check of [...this.#checks]) check();
  }

  /** Returns the matching entries of a range. */
  find(pattern: RegExp, from = 0, to = this.end): string[] {
    return this.#entries.slice(from, to).filter((entry) => pattern.test(entry));
  }

  /** Resolves with the index after the first matching entry from `from` on. Rejects after `ms` milliseconds. */
  until(pattern: RegExp, from = 0, ms = 30_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearTimeout(deadline);
        this.#checks.delete(check);
        then();
      };
      const check = (): void => {
        const index = this.#entries.findIndex((entry, at) => at >= from && pattern.test(entry));
        if (index >= 0) settle(() => resolve(index + 1));
      };
      const deadline = setTimeout(() => settle(() => reject(new Error(`No ${pattern} from entry ${from} on in:\n${this.toString()}`))), ms);
      this.#checks.add(check);
      check();
    });
  }

  /** Resolves with the index after the last of several entries, in any order: reports of the page and of the server arrive independently. */
  async untilAll(patterns: readonly RegExp[], from = 0, ms?: number): Promise<number> {
    return Math.max(...(await Promise.all(patterns.map((pattern) => this.until(pattern, from, ms)))));
  }

  toString(): string {
    return this.#entries.map((entry, index) => `${index} ${entry}`).join('\n');
  }
}
