import { performance } from 'node:perf_hooks';
import { clearInterval, setInterval } from 'node:timers';
import { symbols } from '../page/symbols.mjs';
import { Series } from './Series.mjs';

const tick = 120; // ms
const kept = 500; // quotes per symbol: about four minutes
const fastTick = 10; // ms, if a number of quotes per second is set

/** A simulated market. */
export class Feed {
  /** @type {Map<string, Series>} */
  #series;
  #listeners = new Set();
  #perSecond;
  /** @type {NodeJS.Timeout | undefined} */
  #timer;

  /** @param {number} [perSecond] quotes per second; by default about 17 */
  constructor(perSecond) {
    this.#perSecond = perSecond;
    const twoSeconds = Math.ceil(((perSecond ?? 0) * 2) / symbols.length);
    this.#series = new Map(symbols.map((each) => [each.symbol, new Series(each, Math.max(kept, twoSeconds))]));
  }

  start() {
    const series = [...this.#series.values()];
    if (this.#perSecond === undefined) this.#every(tick, () => someOf(series));
    else this.#every(fastTick, dueOf(series, this.#perSecond));
  }

  stop() {
    clearInterval(this.#timer);
  }

  /** @param {string} symbol @returns {Series | undefined} */
  of(symbol) {
    return this.#series.get(symbol);
  }

  /** @param {() => void} listener called after each round of quotes @returns {() => void} removes the listener */
  listen(listener) {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** @param {number} ms @param {() => Iterable<Series>} next returns the series that get a quote, one after another */
  #every(ms, next) {
    this.#timer = setInterval(() => {
      for (const series of next()) series.add();
      for (const listener of this.#listeners) listener();
    }, ms);
  }
}

/** @param {readonly Series[]} series */
function someOf(series) {
  const first = Math.floor(Math.random() * series.length);
  const count = 1 + Math.floor(Math.random() * 3);
  return Array.from({ length: count }, (_, n) => at(series, first + n * 3));
}

/** @param {readonly Series[]} series @param {number} perSecond */
function dueOf(series, perSecond) {
  const begun = performance.now();
  let made = 0;
  return function* () {
    for (const due = ((performance.now() - begun) * perSecond) / 1_000; made < due; made += 1) yield at(series, made);
  };
}

/** @template T @param {readonly T[]} list @param {number} index @returns {T} */
function at(list, index) {
  return /** @type {T} */ (list[index % list.length]);
}
