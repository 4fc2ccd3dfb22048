/** What a page and a server have told, in the order in which it came to the test. */
export class Journal {
  readonly #entries: string[] = [];
  readonly #looking = new Set<() => void>();

  /** Where the journal ends now. */
  get end(): number {
    return this.#entries.length;
  }

  write(entry: string): void {
    this.#entries.push(entry);
    for (const look of [...this.#looking]) look();
  }

  /** The entries from a place on that fit. */
  find(pattern: RegExp, from = 0, to = this.end): string[] {
    return this.#entries.slice(from, to).filter((entry) => pattern.test(entry));
  }

  /** Resolves with the place after the first entry from `from` on that fits; there are 30 s for it, unless it is said otherwise. */
  until(pattern: RegExp, from = 0, ms = 30_000): Promise<number> {
    return new Promise((resolve, reject) => {
      const settle = (then: () => void): void => {
        clearTimeout(deadline);
        this.#looking.delete(look);
        then();
      };
      const look = (): void => {
        const place = this.#entries.findIndex((entry, index) => index >= from && pattern.test(entry));
        if (place >= 0) settle(() => resolve(place + 1));
      };
      const deadline = setTimeout(() => settle(() => reject(new Error(`There is no ${pattern} after entry ${from} of:\n${this.toString()}`))), ms);
      this.#looking.add(look);
      look();
    });
  }

  /** Resolves with the place after the last of them, in whatever order they come: page and server are heard on ways of their own. */
  async untilAll(patterns: readonly RegExp[], from = 0, ms?: number): Promise<number> {
    return Math.max(...(await Promise.all(patterns.map((pattern) => this.until(pattern, from, ms)))));
  }

  toString(): string {
    return this.#entries.map((entry, index) => `${index} ${entry}`).join('\n');
  }
}
