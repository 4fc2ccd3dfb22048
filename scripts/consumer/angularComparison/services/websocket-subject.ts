import { computed, inject, Injectable } from '@angular/core';
import { after, atMost, reconnectOnCode, stop, webSocket } from 'websocket-subject';
import { injectWebSocket } from 'websocket-subject/angular';
import { Login } from './Login';

@Injectable({ providedIn: 'root' })
export class Quotes {
  readonly #login = inject(Login);
  readonly #socket = injectWebSocket(() => {
    if (this.#login.user() === undefined) return undefined;
    return webSocket<number>({
      url: async ({ closeEvent }) => `ws://${location.host}/?token=${await this.#login.token(closeEvent?.code === 4401)}`,
    }).pipeEvents(reconnectOnCode({ 4401: atMost(2, after(0)), 4403: stop }));
  });
  readonly price = this.#socket.value;
  readonly state = computed(() => this.#socket.status().state);
  readonly reason = computed(() => `${this.#socket.closeEvent()?.code ?? ''} ${this.#socket.closeEvent()?.reason ?? ''}`);

  reconnect(): void {
    this.#socket.reconnect();
  }
}
