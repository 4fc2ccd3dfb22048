import { effect, inject, Injectable, signal } from '@angular/core';
import { WebSocket as ReconnectingWebSocket } from 'partysocket';
import { Login } from './Login';

@Injectable({ providedIn: 'root' })
export class Quotes {
  readonly #login = inject(Login);
  readonly price = signal<number | undefined>(undefined);
  readonly state = signal('idle');
  readonly reason = signal('');
  #socket: ReconnectingWebSocket | undefined;
  #code = 0;

  constructor() {
    effect((onCleanup) => {
      if (this.#login.user() === undefined) return;
      const socket = new ReconnectingWebSocket(async () => `ws://${location.host}/?token=${await this.#login.token(this.#code === 4401)}`);
      this.#socket = socket;
      this.state.set('connecting');
      socket.addEventListener('open', () => this.state.set('open'));
      socket.addEventListener('message', ({ data }) => this.price.set(JSON.parse(data)));
      socket.addEventListener('close', ({ code, reason }) => {
        this.#code = code;
        this.reason.set(`${code} ${reason}`);
        this.state.set(code === 4403 ? 'closed' : 'waiting');
        if (code === 4403) socket.close();
      });
      onCleanup(() => {
        socket.close();
        this.#socket = undefined;
        this.state.set('idle');
      });
    });
  }

  reconnect(): void {
    this.#socket?.reconnect();
  }
}
