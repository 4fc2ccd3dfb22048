import type { Subscription } from 'rxjs';
import { Card } from './Card.js';
import { element } from './element.js';
import type { CaughtUp, Quote } from './protocol.js';
import { changes, row } from './quotes.js';
import { symbols } from './symbols.mjs';

/** The rows of prices. Each subscribes to its own symbol while its box is ticked and a session runs. */
export class Board {
  readonly #root = element('board');
  readonly #cards = new Map(symbols.map((each) => [each.symbol, new Card(each)]));
  readonly #rows = new Map<string, Subscription>();
  readonly #received: (message: Quote | CaughtUp) => void;
  readonly #drawn: () => void;
  #isRunning = false;

  /** `received` is called with each message of a row, `drawn` after the rows have been drawn. */
  constructor(received: (message: Quote | CaughtUp) => void, drawn: () => void) {
    this.#received = received;
    this.#drawn = drawn;
    for (const [symbol, { root, box }] of this.#cards) {
      this.#root.append(root);
      box.addEventListener('change', () => {
        // A subscription without a session would begin one.
        if (!box.checked) this.#rows.get(symbol)?.unsubscribe();
        else if (this.#isRunning) this.#subscribe(symbol);
      });
    }
  }

  /** Whether prices are arriving; stale prices look different. */
  set live(live: boolean) {
    if (this.#root.dataset['live'] !== String(live)) this.#root.dataset['live'] = String(live);
  }

  /** Subscribes the ticked rows to the session that has begun. */
  start(): void {
    this.#isRunning = true;
    for (const [symbol, { box }] of this.#cards) if (box.checked) this.#subscribe(symbol);
    changes.subscribe({ next: (messages) => this.#draw(messages), error: shownByTheLog });
  }

  /** The session has ended, and its rows with it. */
  stop(): void {
    this.#isRunning = false;
  }

  #subscribe(symbol: string): void {
    const next = (message: Quote | CaughtUp): void => {
      this.#cards.get(symbol)?.add(message.op === 'quote' ? [message] : message.quotes);
      this.#received(message);
    };
    this.#rows.set(symbol, row(symbol).subscribe({ next, error: shownByTheLog }));
  }

  #draw(messages: readonly (Quote | CaughtUp)[]): void {
    for (const { symbol } of messages) this.#cards.get(symbol)?.draw();
    this.#drawn();
  }
}

/** Every subscriber of an unclean session receives its error; the log shows it once. */
const shownByTheLog = (): void => undefined;
