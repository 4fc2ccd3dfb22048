import type { WebSocketLike } from './WebSocketLike.js';

/**
 * Has a transport looked at every `ms` when it is of the kind that may end without a word: the socket of Node itself, or undici's, says nothing
 * between the peer's Close and the end of TCP, which may never come (S3). `ws` ends TCP by itself, and browsers do after some seconds; neither
 * costs a timer. Gives what stops it.
 */
export function watchSilence(transport: WebSocketLike, ms: number, look: () => unknown): () => void {
  const isPlatformSocket = typeof EventTarget === 'function' && transport instanceof EventTarget && typeof transport.terminate !== 'function';
  if (!isPlatformSocket) return () => undefined;
  const timer: unknown = setInterval(look, ms);
  const stop = (): void => clearInterval(timer as ReturnType<typeof setInterval>);
  // Only Node's timers are objects; they can be told not to keep the process alive.
  if (typeof timer === 'object' && timer !== null && 'unref' in timer) (timer as { unref(): void }).unref();
  else stop();
  return stop;
}
