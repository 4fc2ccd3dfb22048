import type { SocketStatus } from 'websocket-subject';
import { element, write } from './element.js';
import { clock, duration, millis, sentenceFor, silence, tokenExpired } from './sentences.js';

/** What the one button of the status line does now. */
export type Offer = 'new token' | 'connect' | 'retry now' | 'none';

/** The state in words, the time that belongs to it, and the button that fits it. */
export class StatusLine {
  readonly #root = element('status');
  readonly #headline = element('headline');
  readonly #detail = element('detail');
  readonly #label = element('timer-label');
  readonly #value = element('timer-value');
  readonly #roundTrip = element('round-trip');
  readonly #fuse = element('fuse');
  readonly #button = element<HTMLButtonElement>('connect');
  readonly #live: (live: boolean) => void;
  #status: SocketStatus = { state: 'idle', queued: 0 };
  #shownAt = Date.now();
  #heardAt = 0;
  #answeredIn: number | undefined;

  /** `accept`: the button was pressed. `live`: whether what is shown is arriving. */
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
    if (status.state !== 'open') this.#answeredIn = undefined;
    this.#shownAt = Date.now();
    this.#draw();
  }

  /** A message came. */
  heard(): void {
    this.#heardAt = Date.now();
  }

  /** A ping was answered after so many ms. */
  answered(ms: number): void {
    this.#answeredIn = ms;
  }

  /** ms since something came on the connection that is open */
  #silentFor(now: number): number {
    return this.#status.state === 'open' ? now - Math.max(this.#status.since, this.#heardAt) : 0;
  }

  #draw(): void {
    const now = Date.now();
    const { tone, headline, detail } = sentenceFor(this.#status, this.#silentFor(now));
    const [label, value] = this.#time(now);
    const button = buttons[this.#offer()];
    const roundTrip = tone === 'live' ? this.#answeredIn : undefined; // a silent connection has none that is true now
    this.#root.dataset['tone'] = tone;
    this.#root.dataset['state'] = this.#status.state;
    this.#live(tone === 'live');
    write(this.#headline, headline);
    write(this.#detail, detail);
    write(this.#label, label);
    write(this.#value, value);
    write(this.#roundTrip, roundTrip === undefined ? nothing : `round trip ${millis(roundTrip)}`);
    write(this.#button, button ?? this.#busy());
    this.#button.setAttribute('aria-disabled', String(button === null)); // not `disabled`: that would take the focus away
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

  /** The part of the wait that is left, from 1 to 0; 0 when there is none. */
  #left(now: number): number {
    if (this.#status.state !== 'waiting' || this.#status.until === null) return 0;
    return Math.max(0, (this.#status.until - now) / Math.max(1, this.#status.until - this.#shownAt));
  }

  /** What stands on the button while there is nothing to press. */
  #busy(): string {
    if (this.#status.state === 'waiting') return this.#status.why === 'offline' ? 'Waits for the network' : 'Suspended';
    return busy[this.#status.state] ?? 'Connected';
  }

  #offer(): Offer {
    const status = this.#status;
    // Without a date nothing may connect: a retry that is asked for now would wait as well.
    if (status.state === 'waiting') return status.until === null ? 'none' : 'retry now';
    if (status.state !== 'closed') return 'none';
    return status.closeEvent?.code === tokenExpired && status.closeEvent.initiator !== 'local' ? 'new token' : 'connect';
  }
}

/** Keeps its line, so that nothing moves when there is something to say. */
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
