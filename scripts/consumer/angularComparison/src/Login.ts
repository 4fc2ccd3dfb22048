import { Injectable, signal } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class Login {
  readonly user = signal<string | undefined>(undefined);
  #token: string | undefined;

  logOut(): void {
    this.#token = undefined;
    this.user.set(undefined);
  }

  /** Returns the token, a new one where there is none or the server has refused the old one. */
  async token(isRefused: boolean): Promise<string> {
    if (isRefused) this.#token = undefined;
    return (this.#token ??= await (await fetch('/token', { method: 'POST' })).text());
  }
}
