import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { symbols } from '../page/symbols.mjs';

/** @typedef {import('../page/protocol.js').Quote} Quote */

const tick = 120; // ms
const past = 72; // quotes per symbol for a new client
const kept = 4_000; // quotes, at least: about four minutes
const fastTick = 10; // ms, if a number of quotes per second is set

/** A simulated market. Quotes are numbered, and the last few thousand are kept for clients that have missed some. */
export class Feed {
  /** Sequence numbers are valid within one feed only. */
  id = randomUUID();
  /** @type {Quote[]} */
  #quotes = [];
  #listeners = new Set();
  #prices = new Map(symbols.map(({ symbol, price }) => [symbol, price]));
  #last = 0;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #kept = kept;

  /** @param {number} [perSecond] quotes per second, each in its own message; by default about 17, and one message per round */
  constructor(perSecond) {
    this.perSecond = perSecond;
    if (perSecond !== undefined) this.#kept = Math.max(kept, perSecond * 2);
    for (let round = 0; round < past; round += 1) {
      for (const { symbol } of symbols) this.#quote(symbol);
    }
  }

  get last() {
    return this.#last;
  }

  start() {
    if (this.perSecond !== undefined) {
      this.#startFast(this.perSecond);
      return;
    }
    this.#timer = setInterval(() => {
      const first = Math.floor(Math.random() * symbols.length);
      const count = 1 + Math.floor(Math.random() * 3);
      for (let n = 0; n < count; n += 1) this.#quote(at(symbols, first + n * 3).symbol);
      for (const listener of this.#listeners) listener();
    }, tick);
  }

  /** @param {number} perSecond */
  #startFast(perSecond) {
    const begun = performance.now();
    let made = 0;
    this.#timer = setInterval(() => {
      for (const due = ((performance.now() - begun) * perSecond) / 1_000; made < due; made += 1) this.#quote(at(symbols, made).symbol);
      for (const listener of this.#listeners) listener();
    }, fastTick);
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** @param {() => void} listener called after each round of quotes @returns {() => void} removes the listener */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /**
   * Returns the quotes after a sequence number that are still kept.
   * @param {number} seq
   * @returns {{ quotes: Quote[], lost: number }} `lost` is the number of quotes that are no longer kept
   */
  since(seq) {
    const lost = Math.max(0, this.#last - seq - this.#quotes.length);
    const missed = Math.max(0, this.#last - seq - lost);
    return { quotes: missed === 0 ? [] : this.#quotes.slice(-missed), lost };
  }

  /** Returns enough recent quotes to draw a first line per symbol. */
  recent() {
    return this.#quotes.slice(-symbols.length * past);
  }

  /** @param {string} symbol */
  #quote(symbol) {
    const { digits } = /** @type {typeof symbols[number]} */ (symbols.find((known) => known.symbol === symbol));
    const before = this.#prices.get(symbol) ?? 1;
    const price = Number((before * (1 + (Math.random() - 0.5) * 0.0004)).toFixed(digits));
    this.#prices.set(symbol, price);
    this.#last += 1;
    this.#quotes.push({ seq: this.#last, symbol, price, at: Date.now() });
    // In blocks, since removing the first element of a long array moves all others.
    if (this.#quotes.length >= this.#kept * 2) this.#quotes = this.#quotes.slice(-this.#kept);
  }
}

/** @template T @param {readonly T[]} list @param {number} index @returns {T} */
function at(list, index) {
  return /** @type {T} */ (list[index % list.length]);
}
