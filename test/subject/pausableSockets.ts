import { FakeSocket, keepsMade, type Made } from './FakeSocket.js';

/** A fake socket that can be paused as `ws` can. It delivers messages all the same; the test decides when. */
export class PausableSocket extends FakeSocket {
  isPaused = false;
  /** The methods that were called on it, but for send(), in order. */
  readonly acts: string[] = [];

  pause(): void {
    this.isPaused = true;
    this.acts.push('pause');
  }

  resume(): void {
    this.isPaused = false;
    this.acts.push('resume');
  }

  override close(...args: unknown[]): void {
    this.acts.push('close');
    super.close(...args);
  }

  terminate(): void {
    this.acts.push('terminate');
    this.readyState = 3;
  }
}

export const pausableSockets = (): Made<PausableSocket> => keepsMade(PausableSocket);
