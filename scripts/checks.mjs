const results = { passed: 0, failed: 0 };

/** Runs one check, and prints how it went; the next one runs in any case. */
export async function check(label, work) {
  const started = performance.now();
  try {
    await work();
    results.passed += 1;
    console.log(`ok    ${label} (${((performance.now() - started) / 1_000).toFixed(1)} s)`);
  } catch (problem) {
    results.failed += 1;
    console.error(`FAIL  ${label}\n${problem instanceof Error ? problem.message : problem}`);
  }
}

/** Prints the count, and makes the process fail if a check has failed. */
export function finishChecks(of) {
  console.log(`${results.passed} ${of} passed, ${results.failed} failed.`);
  process.exitCode = results.failed === 0 ? 0 : 1;
}
