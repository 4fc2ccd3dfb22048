/** Exceptions that nothing has caught. */
export interface Uncaught {
  readonly errors: unknown[];
  /** Resolves with the first one. */
  readonly first: Promise<unknown>;
}

/**
 * Runs something that may leave exceptions uncaught. It stands in for the test runner's own listener meanwhile, which would fail the run for
 * the very defect that the test is there to show.
 */
export async function watchingUncaught<Result>(run: (uncaught: Uncaught) => Promise<Result>): Promise<Result> {
  const errors: unknown[] = [];
  let caught: (error: unknown) => void = () => undefined;
  const first = new Promise((resolve) => (caught = resolve));
  process.setUncaughtExceptionCaptureCallback((error) => {
    errors.push(error);
    caught(error);
  });
  try {
    return await run({ errors, first });
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
}
