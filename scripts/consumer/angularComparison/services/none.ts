// The application without a socket: what the others are measured against.
import { Injectable, signal } from '@angular/core';

@Injectable({ providedIn: 'root' })
export class Quotes {
  readonly price = signal<number | undefined>(undefined);
  readonly state = signal('idle');
  readonly reason = signal('');

  reconnect(): void {
    this.state.set('connecting');
  }
}
