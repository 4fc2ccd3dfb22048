import type { Observable, Subscription } from 'rxjs';

/** Subscribes to an observable and records what it emits, with promises for the first notification and for the terminal. */
export class Recording<T> {
  readonly values: T[] = [];
  terminal: 'complete' | 'error' | null = null;
  error: unknown = undefined;
  /** Resolves with the first notification of any kind: the value, or the name of the terminal. */
  readonly first: Promise<T | 'complete' | 'error'>;
  /** Resolves with the terminal; never rejects. */
  readonly ended: Promise<this>;
  readonly subscription: Subscription;

  constructor(source: Observable<T>) {
    let resolveFirst: (notification: T | 'complete' | 'error') => void = () => undefined;
    let resolveEnded: (recording: this) => void = () => undefined;
    this.first = new Promise((resolve) => (resolveFirst = resolve));
    this.ended = new Promise((resolve) => (resolveEnded = resolve));
    const finish = (terminal: 'complete' | 'error', error?: unknown): void => {
      this.terminal = terminal;
      this.error = error;
      resolveFirst(terminal);
      resolveEnded(this);
    };
    this.subscription = source.subscribe({
      next: (value) => {
        this.values.push(value);
        resolveFirst(value);
      },
      complete: () => finish('complete'),
      error: (error: unknown) => finish('error', error),
    });
  }
}
