/** @typedef {import('../page/protocol.js').Quote} Quote */

const past = 72; // quotes that are there at the start, for the first line of a new client

/** The simulated quotes of one symbol. The last ones are kept for clients that have missed some. */
export class Series {
  #symbol;
  #price;
  #digits;
  #kept;
  /** @type {Quote[]} */
  #quotes = [];
  /** Counts on from the clock, so that the numbers of an earlier process are lower. */
  #first = Date.now() * 1_000;
  #last = this.#first;

  /** @param {{ symbol: string, price: number, digits: number }} start @param {number} kept how many quotes to keep, at least */
  constructor({ symbol, price, digits }, kept) {
    this.#symbol = symbol;
    this.#price = price;
    this.#digits = digits;
    this.#kept = Math.max(past, kept);
    for (let n = 0; n < past; n += 1) this.add();
  }

  add() {
    this.#price = Number((this.#price * (1 + (Math.random() - 0.5) * 0.0004)).toFixed(this.#digits));
    this.#last += 1;
    this.#quotes.push({ op: 'quote', symbol: this.#symbol, seq: this.#last, price: this.#price });
    // In blocks, since removing the first element of a long array moves all others.
    if (this.#quotes.length >= this.#kept * 2) this.#quotes = this.#quotes.slice(-this.#kept);
  }

  /**
   * Returns the quotes after a number, or enough for a first line where the number is null or not one of ours.
   * @param {number | null} seq
   * @returns {{ seq: number, quotes: Quote[], lost: number | null }} the number of the last quote; `lost` counts what is no longer kept, null if unknown
   */
  since(seq) {
    const isOurs = seq !== null && seq >= this.#first && seq <= this.#last;
    if (!isOurs) return { seq: this.#last, quotes: this.#quotes.slice(-past), lost: seq === null ? 0 : null };
    const missed = this.#last - seq;
    const lost = Math.max(0, missed - this.#quotes.length);
    return { seq: this.#last, quotes: missed === 0 ? [] : this.#quotes.slice(-missed), lost };
  }
}
