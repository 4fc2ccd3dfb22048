import type { Observable, Subscription } from 'rxjs';

/** One subscriber: what it was told, and promises for what it waits for. */
export class Heard<T> {
  readonly values: T[] = [];
  terminal: 'complete' | 'error' | null = null;
  error: unknown = undefined;
  /** Resolves with the first notification of any kind: the value, or the name of the terminal. */
  readonly first: Promise<T | 'complete' | 'error'>;
  /** Resolves with the terminal; never rejects. */
  readonly ended: Promise<this>;
  readonly subscription: Subscription;

  constructor(source: Observable<T>) {
    let told: (what: T | 'complete' | 'error') => void = () => undefined;
    let end: (heard: this) => void = () => undefined;
    this.first = new Promise((resolve) => (told = resolve));
    this.ended = new Promise((resolve) => (end = resolve));
    const finish = (terminal: 'complete' | 'error', error?: unknown): void => {
      this.terminal = terminal;
      this.error = error;
      told(terminal);
      end(this);
    };
    this.subscription = source.subscribe({
      next: (value) => {
        this.values.push(value);
        told(value);
      },
      complete: () => finish('complete'),
      error: (error: unknown) => finish('error', error),
    });
  }
}
