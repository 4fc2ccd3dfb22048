import { HttpClient } from '@angular/common/http';
import { inject, Injectable, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';

/** Who is logged in, and the token for it. */
@Injectable({ providedIn: 'root' })
export class Login {
  readonly #http = inject(HttpClient);
  readonly #user = signal<string | undefined>(undefined);
  readonly user = this.#user.asReadonly();
  /** The request for the token of this user. */
  #request: Promise<string> | undefined;

  logIn(user: string): void {
    this.#request = undefined;
    this.#user.set(user);
  }

  logOut(): void {
    this.#request = undefined;
    this.#user.set(undefined);
  }

  /** Returns the token, a new one where there is none or the server has refused the old one. Rejects if the user changes meanwhile. */
  async token(isRefused: boolean): Promise<string> {
    if (isRefused) this.#request = undefined;
    const request = (this.#request ??= firstValueFrom(this.#http.post('/api/token', { user: this.#user() }, { responseType: 'text' })));
    try {
      const token = await request;
      if (request === this.#request) return token;
    } catch (error) {
      if (request === this.#request) this.#request = undefined; // the next call asks again
      throw error;
    }
    throw new Error('another user is logged in, or none');
  }
}
