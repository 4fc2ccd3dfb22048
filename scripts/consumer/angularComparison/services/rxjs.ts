import { inject, Injectable, signal } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import { catchError, concatWith, defer, EMPTY, type Observable, retry, startWith, Subject, switchMap, throwError, timer } from 'rxjs';
import { webSocket } from 'rxjs/webSocket';
import { Login } from './Login';

@Injectable({ providedIn: 'root' })
export class Quotes {
  readonly #login = inject(Login);
  readonly #again = new Subject<void>();
  readonly price = signal<number | undefined>(undefined);
  readonly state = signal('idle');
  readonly reason = signal('');
  #code = 0;

  constructor() {
    toObservable(this.#login.user)
      .pipe(
        switchMap((user) => {
          this.state.set('idle');
          // Reconnect unsubscribes from what there is, in any state.
          return user === undefined ? EMPTY : this.#again.pipe(startWith(undefined), switchMap(() => this.#session()));
        }),
        takeUntilDestroyed(),
      )
      .subscribe((price) => this.price.set(price));
  }

  reconnect(): void {
    this.#again.next();
  }

  #session(): Observable<number> {
    return defer(() => {
      this.state.set('connecting');
      return this.#login.token(this.#code === 4401);
    }).pipe(
      switchMap((token) =>
        webSocket<number>({
          url: `ws://${location.host}/?token=${token}`,
          openObserver: { next: () => this.state.set('open') },
          closeObserver: {
            next: ({ code, reason }) => {
              this.#code = code;
              this.reason.set(`${code} ${reason}`);
            },
          },
        }),
      ),
      // A clean close completes, whatever its code; `retry` must see it.
      concatWith(throwError(() => new Error('closed'))),
      retry({
        resetOnSuccess: true,
        delay: (error, count) => {
          if (this.#code === 4403 || (this.#code === 4401 && count > 2)) return throwError(() => error);
          this.state.set('waiting');
          return timer(this.#code === 4401 ? 0 : Math.min(1_000 * 2 ** (count - 1), 30_000) * Math.random());
        },
      }),
      catchError(() => {
        this.state.set('closed');
        return EMPTY;
      }),
    );
  }
}
