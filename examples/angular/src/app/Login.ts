import { HttpClient } from '@angular/common/http';
import { inject, Injectable, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';

/** Who is logged in, and the token for it. */
@Injectable({ providedIn: 'root' })
export class Login {
  readonly #http = inject(HttpClient);
  readonly #user = signal<string | undefined>(undefined);
  readonly user = this.#user.asReadonly();
  #token: string | undefined;

  logIn(user: string): void {
    this.#user.set(user);
  }

  logOut(): void {
    this.#token = undefined;
    this.#user.set(undefined);
  }

  /** Returns the token, a new one where there is none or the server has refused the old one. */
  async token(isRefused: boolean): Promise<string> {
    if (isRefused) this.#token = undefined;
    return (this.#token ??= await firstValueFrom(this.#http.post('/api/token', { user: this.#user() }, { responseType: 'text' })));
  }
}
