import { Component, inject, Injectable, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { heartbeat, reconnectOnCode, stop, webSocket } from 'websocket-subject';
import { injectWebSocket, type WebSocketRef } from 'websocket-subject/angular';

type Incoming = { readonly op: 'quote'; readonly price: number } | { readonly op: 'pong' };

@Injectable({ providedIn: 'root' })
class Quotes {
  readonly user = signal<string | undefined>('ada');
  readonly socket: WebSocketRef<Incoming, { readonly op: 'ping' }> = injectWebSocket(() =>
    this.user() === undefined
      ? undefined
      : webSocket<Incoming, { readonly op: 'ping' }>('wss://quotes.example.com').pipeEvents(
          heartbeat({ every: 25_000, timeout: 10_000, ping: () => ({ op: 'ping' }), isPong: ({ op }) => op === 'pong' }),
          reconnectOnCode({ 4401: stop }),
        ),
  );
  readonly total = this.socket.fold((sum, message) => (message.op === 'quote' ? sum + message.price : sum), 0);
  readonly last = toSignal(this.socket.messages, { initialValue: null });
}

@Component({
  selector: 'app-root',
  template: `
    {{ quotes.socket.status().state }} {{ quotes.socket.closeEvent()?.code }} {{ quotes.socket.error() }} {{ quotes.total() }} {{ quotes.last()?.op }}
    <button (click)="quotes.socket.reconnect()">Reconnect</button>
    <button (click)="quotes.socket.close(4000, 'paused')">Pause</button>
  `,
})
export class App {
  protected readonly quotes = inject(Quotes);
}
