import { element } from './element.js';
import type { Quote } from './protocol.js';
import { symbols } from './symbols.mjs';

const drawn = 48; // prices per line
const width = 120;
const height = 30;

/** The board of prices; `draw()` shows the latest ones. */
export class Board {
  readonly #cards = new Map(symbols.map(({ symbol, digits }) => [symbol, new Card(symbol, digits)]));
  readonly #list = element('board');

  constructor() {
    this.#list.append(...[...this.#cards.values()].map(({ root }) => root));
  }

  add(quotes: readonly Quote[]): void {
    for (const { symbol, price } of quotes) this.#cards.get(symbol)?.add(price);
  }

  draw(): void {
    for (const card of this.#cards.values()) card.draw();
  }

  /** Whether prices are arriving; stale prices look different. */
  set live(live: boolean) {
    if (this.#list.dataset['live'] !== String(live)) this.#list.dataset['live'] = String(live);
  }
}

class Card {
  readonly root = document.createElement('li');
  readonly #price = document.createElement('b');
  readonly #change = document.createElement('span');
  readonly #line = document.createElementNS('http://www.w3.org/2000/svg', 'polyline');
  readonly #digits: number;
  readonly #prices: number[] = [];
  #first: number | undefined;
  #changed = false;

  constructor(symbol: string, digits: number) {
    this.#digits = digits;
    const name = document.createElement('span');
    name.className = 'symbol';
    name.textContent = `${symbol.slice(0, 3)}/${symbol.slice(3)}`;
    this.#price.className = 'price';
    this.#price.textContent = '–';
    this.#change.className = 'change';
    this.#change.textContent = '\u00a0';
    const picture = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
    picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    picture.setAttribute('preserveAspectRatio', 'none');
    picture.setAttribute('aria-hidden', 'true');
    picture.append(this.#line);
    this.root.append(name, this.#change, this.#price, picture);
  }

  add(price: number): void {
    this.#first ??= price;
    this.#prices.push(price);
    if (this.#prices.length > drawn) this.#prices.shift();
    this.#changed = true;
  }

  draw(): void {
    if (!this.#changed) return;
    this.#changed = false;
    const [before, now] = [this.#prices.at(-2), this.#prices.at(-1)];
    if (now === undefined || this.#first === undefined) return;
    const percent = (now / this.#first - 1) * 100;
    this.#price.textContent = now.toFixed(this.#digits);
    this.#change.textContent = `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(2)} %`;
    this.root.dataset['way'] = percent < 0 ? 'down' : 'up';
    this.root.dataset['last'] = before === undefined || now === before ? 'same' : now < before ? 'down' : 'up';
    this.#line.setAttribute('points', this.#points());
  }

  #points(): string {
    const [low, high] = [Math.min(...this.#prices), Math.max(...this.#prices)];
    const scale = high === low ? 0 : (height - 4) / (high - low);
    const from = drawn - this.#prices.length;
    return this.#prices
      .map((price, n) => `${(((from + n) * width) / (drawn - 1)).toFixed(1)},${(height - 2 - (price - low) * scale).toFixed(1)}`)
      .join(' ');
  }
}
