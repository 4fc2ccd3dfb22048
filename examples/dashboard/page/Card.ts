import { svg } from './element.js';
import type { Quote } from './protocol.js';
import type { symbols } from './symbols.mjs';

const drawn = 48; // prices per line
const width = 120;
const height = 30;

/** The price of a symbol, with a line of its last prices. One colour: whether the line rises or falls. */
export class Card {
  readonly root = document.createElement('li');
  readonly box = document.createElement('input');
  readonly #price = document.createElement('b');
  readonly #change = document.createElement('span');
  readonly #line = svg('polyline');
  readonly #digits: number;
  #prices: number[] = [];

  constructor({ symbol, digits }: (typeof symbols)[number]) {
    this.#digits = digits;
    this.box.type = 'checkbox';
    this.box.checked = true;
    const label = document.createElement('label');
    label.append(this.box, `${symbol.slice(0, 3)}/${symbol.slice(3)}`);
    this.#price.className = 'price';
    this.#price.textContent = '–';
    this.#change.className = 'change';
    this.#change.textContent = '\u00a0'; // keeps the line, so that the layout does not move when there is text
    const picture = svg('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' });
    picture.append(this.#line);
    this.root.append(label, this.#change, this.#price, picture);
  }

  add(quotes: readonly Quote[]): void {
    for (const { price } of quotes) this.#prices.push(price);
    if (this.#prices.length > drawn * 2) this.#prices = this.#prices.slice(-drawn);
  }

  draw(): void {
    const prices = this.#prices.slice(-drawn);
    const [first, now] = [prices[0], prices.at(-1)];
    if (first === undefined || now === undefined) return;
    const percent = ((now / first - 1) * 100).toFixed(2);
    const way = Number(percent) === 0 ? 'same' : now < first ? 'down' : 'up';
    this.#price.textContent = now.toFixed(this.#digits);
    this.#change.textContent = `${{ same: '±', down: '−', up: '+' }[way]}${percent.replace('-', '')} %`;
    this.root.dataset['way'] = way;
    this.#line.setAttribute('points', pointsOf(prices));
  }
}

function pointsOf(prices: readonly number[]): string {
  const [low, high] = [Math.min(...prices), Math.max(...prices)];
  const scale = high === low ? 0 : (height - 4) / (high - low);
  const from = drawn - prices.length;
  return prices.map((price, n) => `${(((from + n) * width) / (drawn - 1)).toFixed(1)},${(height - 2 - (price - low) * scale).toFixed(1)}`).join(' ');
}
