import { describeCloseCode, type CloseEvent, type SocketReconnecting } from 'websocket-subject';
import { element, write } from './element.js';
import { causeOf, clock, duration, millis } from './sentences.js';

const kept = 40;

/** A log of closes, the newest first, with what followed from each. */
export class CloseLog {
  readonly #list = element<HTMLOListElement>('log');
  readonly #note = element('log-note');
  #count = 0;
  #lastOutcome: HTMLElement | null = null;

  /** Logs a close after which the policy reconnects. */
  reconnecting({ closeEvent, delay, attempt }: SocketReconnecting): void {
    this.#add(closeEvent, `The policy waits ${duration(delay)}, then retry ${attempt}.`, 'waits');
  }

  /** Logs the end of the session; the terminal of the stream follows at once. */
  ended(closeEvent: CloseEvent): void {
    const why = closeEvent.initiator === 'local' ? 'Ended from here, which is final' : 'The policy stopped';
    this.#lastOutcome = this.#add(closeEvent, why, 'stopped');
  }

  completed(): void {
    this.#finish('the stream completed.');
  }

  failed(error: unknown): void {
    this.#finish(`the stream errored (${error instanceof Error ? error.name : String(error)}).`);
  }

  #finish(outcome: string): void {
    if (this.#lastOutcome) this.#lastOutcome.textContent += `: ${outcome}`;
    this.#lastOutcome = null;
  }

  #add(end: CloseEvent, outcome: string, kind: string): HTMLElement {
    const time = part('time', 'time', clock(Date.now()));
    const name = part('b', 'name', `${end.code} ${describeCloseCode(end.code)}`);
    const reason = part('span', 'reason', end.reason === '' ? (causeOf(end) ?? 'no reason given') : `“${end.reason}”`);
    const facts = part('span', 'facts', '');
    facts.append(
      end.wasClean ? part('span', 'chip clean', 'clean') : part('span', 'chip unclean', 'not clean'),
      part('span', 'chip', `by: ${end.initiator}`),
      part('span', 'chip', end.opened ? `open ${millis(end.uptime)}` : 'never open'),
    );
    const said = part('span', `outcome ${kind}`, outcome);
    const entry = document.createElement('li');
    entry.append(time, name, reason, facts, said);
    this.#list.prepend(entry);
    while (this.#list.children.length > kept) this.#list.lastElementChild?.remove();
    this.#count += 1;
    write(this.#note, this.#count === 1 ? '1 so far' : `${this.#count} so far`);
    return said;
  }
}

function part(tag: string, className: string, text: string): HTMLElement {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}
