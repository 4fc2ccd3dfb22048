import { afterRenderEffect, Component, computed, inject, signal } from '@angular/core';
import { describeCloseCode } from 'websocket-subject';
import { Quotes } from './Quotes';

/** Says how the connection is, why it was lost, and when the next attempt starts. */
@Component({
  selector: 'app-status-line',
  template: `
    <p role="status" id="status">{{ text() }}</p>
    @if (socket.status().state !== 'idle') {
      <button id="reconnect" (click)="socket.reconnect()">Reconnect</button>
      <button id="close" (click)="socket.close(4000, 'paused')">Pause</button>
    }
  `,
})
export class StatusLine {
  protected readonly socket = inject(Quotes).socket;
  /** Counts up while the text counts down. */
  readonly #ticks = signal(0);

  protected readonly text = computed(() => {
    this.#ticks();
    const status = this.socket.status();
    switch (status.state) {
      case 'idle':
        return 'Not connected';
      case 'waiting': {
        const reason = this.#reason();
        const seconds = Math.max(0, Math.ceil(((status.until ?? Infinity) - Date.now()) / 1_000));
        return status.until === null ? `Offline (${reason})` : `Lost (${reason}): next attempt in ${seconds} s`;
      }
      case 'closed':
        return `Closed (${this.#reason()})`;
      default:
        return { connecting: 'Connecting …', open: 'Live', closing: 'Closing …' }[status.state];
    }
  });

  constructor() {
    // In browsers only, and only while there is something to count.
    afterRenderEffect((onCleanup) => {
      if (this.socket.status().state !== 'waiting') return;
      const timer = setInterval(() => this.#ticks.update((count) => count + 1), 250);
      onCleanup(() => clearInterval(timer));
    });
  }

  #reason(): string {
    const event = this.socket.closeEvent();
    if (event === null) return String(this.socket.error());
    return event.reason || `${event.code} ${describeCloseCode(event.code) ?? 'no name'}`;
  }
}
