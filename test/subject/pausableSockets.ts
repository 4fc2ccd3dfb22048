import { FakeSocket, keepsMade, type Made } from './FakeSocket.js';

/** A fake socket that can be paused as `ws` can: what the network would hold back is the test's affair. */
export class PausableSocket extends FakeSocket {
  isPaused = false;
  /** What was asked of it besides sending, in order. */
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
