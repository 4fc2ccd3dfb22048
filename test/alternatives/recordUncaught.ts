/** Uncaught exceptions. */
export interface Uncaught {
  readonly errors: unknown[];
  /** Resolves with the first one. */
  readonly first: Promise<unknown>;
}

/**
 * Calls a function and records the exceptions that stay uncaught meanwhile. It takes the place of the test runner's own listener, which would fail
 * the run for the very defect that the test shows.
 */
export async function recordUncaught<Result>(run: (uncaught: Uncaught) => Promise<Result>): Promise<Result> {
  const errors: unknown[] = [];
  let resolveFirst: (error: unknown) => void = () => undefined;
  const first = new Promise((resolve) => (resolveFirst = resolve));
  process.setUncaughtExceptionCaptureCallback((error) => {
    errors.push(error);
    resolveFirst(error);
  });
  try {
    return await run({ errors, first });
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
}
