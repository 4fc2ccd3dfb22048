import type { SocketStatus } from 'websocket-subject';
import { element, write } from './element.js';
import { clock, duration, sentenceFor, silence, tokenExpired } from './sentences.js';

/** The present action of the button in the status line. */
export type Offer = 'new token' | 'connect' | 'retry now' | 'none';

/** Shows the state in words, the matching time, and the matching button. */
export class StatusLine {
  readonly #root = element('status');
  readonly #headline = element('headline');
  readonly #detail = element('detail');
  readonly #label = element('timer-label');
  readonly #value = element('timer-value');
  readonly #fuse = element('fuse');
  readonly #button = element<HTMLButtonElement>('connect');
  readonly #live: (live: boolean) => void;
  #status: SocketStatus = { state: 'idle', queued: 0 };
  #shownAt = Date.now();
  #messageAt = 0;

  /** `accept` is called when the button is pressed, `live` with whether messages are arriving. */
  constructor(
    accept: (offer: Offer, status: SocketStatus) => void,
    live: (live: boolean) => void,
  ) {
    this.#live = live;
    this.#button.addEventListener('click', () => accept(this.#offer(), this.#status));
    setInterval(() => this.#draw(), 100);
  }

  set status(status: SocketStatus) {
    this.#status = status;
    this.#shownAt = Date.now();
    this.#draw();
  }

  /** Records that a message has arrived. */
  messageArrived(): void {
    this.#messageAt = Date.now();
  }

  /** Milliseconds since the last message on the open connection. */
  #silentFor(now: number): number {
    return this.#status.state === 'open' ? now - Math.max(this.#status.since, this.#messageAt) : 0;
  }

  #draw(): void {
    const now = Date.now();
    const { tone, headline, detail } = sentenceFor(this.#status, this.#silentFor(now));
    const [label, value] = this.#time(now);
    const button = buttons[this.#offer()];
    this.#root.dataset['tone'] = tone;
    this.#root.dataset['state'] = this.#status.state;
    this.#live(tone === 'live');
    write(this.#headline, headline);
    write(this.#detail, detail);
    write(this.#label, label);
    write(this.#value, value);
    write(this.#button, button ?? this.#busy());
    this.#button.setAttribute('aria-disabled', String(button === null)); // not `disabled`, which would drop the focus
    this.#fuse.style.transform = `scaleX(${this.#left(now)})`;
  }

  #time(now: number): [label: string, value: string] {
    const status = this.#status;
    switch (status.state) {
      case 'idle':
        return [nothing, nothing];
      case 'waiting':
        if (status.until !== null) return ['retry in', duration(status.until - now)];
        return ['retry once', status.why === 'offline' ? 'online' : 'resumed'];
      case 'open':
        return this.#silentFor(now) < silence ? ['open for', duration(now - status.since)] : ['silent for', duration(this.#silentFor(now))];
      case 'closed':
        return ['since', clock(status.since)];
      default:
        return ['for', duration(now - status.since)];
    }
  }

  /** The remaining fraction of the wait, from 1 to 0; 0 if there is no wait. */
  #left(now: number): number {
    if (this.#status.state !== 'waiting' || this.#status.until === null) return 0;
    return Math.max(0, (this.#status.until - now) / Math.max(1, this.#status.until - this.#shownAt));
  }

  /** The label of the button while it has no action. */
  #busy(): string {
    if (this.#status.state === 'waiting') return this.#status.why === 'offline' ? 'Waits for the network' : 'Suspended';
    return busy[this.#status.state] ?? 'Connected';
  }

  #offer(): Offer {
    const status = this.#status;
    // Without `until` no connection may be made, and `retryNow()` would wait as well.
    if (status.state === 'waiting') return status.until === null ? 'none' : 'retry now';
    if (status.state !== 'closed') return 'none';
    return status.closeEvent?.code === tokenExpired && status.closeEvent.initiator !== 'local' ? 'new token' : 'connect';
  }
}

/** Keeps the line, so that the layout does not move when there is text. */
const nothing = '\u00a0';

const buttons: Record<Offer, string | null> = {
  'new token': 'Get a new token and reconnect',
  connect: 'Connect again',
  'retry now': 'Reconnect now',
  none: null,
};

const busy: Partial<Record<SocketStatus['state'], string>> = {
  idle: 'Not connected',
  connecting: 'Connecting…',
  closing: 'Closing…',
};
