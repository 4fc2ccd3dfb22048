interface ProcessLike {
  on?(event: string, listener: (error: unknown) => void): void;
  off?(event: string, listener: (error: unknown) => void): void;
}

/** Collects what no handler caught, in Node and in a page, until `stop()` gives it back. */
export function watchUncaught(): { stop(): unknown[] } {
  const seen: unknown[] = [];
  const listener = (error: unknown): void => void seen.push(error);
  const { process } = globalThis as { process?: ProcessLike };
  if (typeof process?.on === 'function') {
    const names = ['uncaughtException', 'unhandledRejection'];
    for (const name of names) process.on(name, listener);
    return {
      stop: () => {
        for (const name of names) process.off?.(name, listener);
        return seen;
      },
    };
  }
  const onError = (event: ErrorEvent): void => listener(event.error ?? event.message);
  const onRejection = (event: PromiseRejectionEvent): void => listener(event.reason);
  globalThis.addEventListener('error', onError);
  globalThis.addEventListener('unhandledrejection', onRejection);
  return {
    stop: () => {
      globalThis.removeEventListener('error', onError);
      globalThis.removeEventListener('unhandledrejection', onRejection);
      return seen;
    },
  };
}
