/** Takes the place of the test runner's own listener for one error, and returns a function that throws it. */
export async function unhandledRejection(): Promise<() => never> {
  const ofRunner = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const reason = await new Promise((resolve) => process.once('unhandledRejection', resolve));
  for (const listener of ofRunner) process.on('unhandledRejection', listener);
  return () => {
    throw reason as Error;
  };
}
