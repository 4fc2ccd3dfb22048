import type { Incoming } from '../../examples/dashboard/page/protocol.js';

/** The numbers of the quotes that have arrived, by symbol, in order of arrival over all connections of a page. */
export class Received {
  readonly #numbers = new Map<string, number[]>();
  count = 0;

  /** Adds the quotes of a message of the server. */
  add(text: string): void {
    const message = JSON.parse(text) as Incoming;
    const quotes = message.op === 'quote' ? [message] : message.op === 'caughtUp' ? message.quotes : [];
    for (const { symbol, seq } of quotes) {
      const numbers = this.#numbers.get(symbol);
      if (numbers) numbers.push(seq);
      else this.#numbers.set(symbol, [seq]);
    }
    this.count += quotes.length;
  }

  /** The numbers that do not follow the one before; with `twice` some may have arrived more than once, in any order. */
  gaps(twice = false): string[] {
    return [...this.#numbers].flatMap(([symbol, all]) => {
      const numbers = twice ? [...new Set(all)].sort((a, b) => a - b) : all;
      return numbers.filter((seq, n) => seq !== (numbers[0] ?? 0) + n).map((seq) => `${symbol} ${seq}`);
    });
  }
}
