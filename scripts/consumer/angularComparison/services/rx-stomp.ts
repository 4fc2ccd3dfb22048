import { effect, inject, Injectable, signal } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { RxStomp, RxStompState } from '@stomp/rx-stomp';
import { map } from 'rxjs';
import { Login } from './Login';

@Injectable({ providedIn: 'root' })
export class Quotes {
  readonly #login = inject(Login);
  readonly #stomp = new RxStomp();
  readonly price = toSignal(this.#stomp.watch('/quotes').pipe(map(({ body }) => Number(body))));
  readonly state = toSignal(this.#stomp.connectionState$.pipe(map((state) => RxStompState[state].toLowerCase())), { requireSync: true });
  readonly reason = signal('');
  #token = '';
  #code = 0;

  constructor() {
    this.#stomp.configure({
      reconnectDelay: 1_000,
      beforeConnect: async () => {
        this.#token = await this.#login.token(this.#code === 4401);
      },
      // Only the socket itself has the code of a close.
      webSocketFactory: () => {
        const socket = new WebSocket(`ws://${location.host}/?token=${this.#token}`, ['v12.stomp']);
        socket.addEventListener('close', ({ code, reason }) => {
          this.#code = code;
          this.reason.set(`${code} ${reason}`);
          if (code === 4403) void this.#stomp.deactivate();
        });
        return socket;
      },
    });
    effect(() => {
      if (this.#login.user() === undefined) void this.#stomp.deactivate();
      else this.#stomp.activate();
    });
  }

  async reconnect(): Promise<void> {
    await this.#stomp.deactivate();
    this.#stomp.activate();
  }
}
