import fc from 'fast-check';
import { afterEach, beforeAll, inject } from 'vitest';

/** What Stryker keeps in each thread, and `killed`, which is ours. */
interface Stryker {
  activeMutant?: string | undefined;
  mutantCoverage?: { perTest: object };
  killed?: string;
}

const provided = inject as (key: string) => unknown;
const stryker = ((globalThis as unknown as { __stryker__?: Stryker }).__stryker__ ??= {});
const mutant = provided('activeMutant') as string | undefined;

if (mutant !== undefined && stryker.killed === mutant) throw new Error('The mutant is dead: this file has nothing to do.');

// Files share modules, so the mutant is still active from the last file. An error while this one is loaded would leave no test that could fail.
if (provided('mutantActivation') === 'runtime') stryker.activeMutant = undefined;

// eslint-disable-next-line @typescript-eslint/no-deprecated -- a global plugin would be installed once more for each file
fc.configureGlobal({ numRuns: 20, interruptAfterTimeLimit: 500 });

// The coverage of the last file would be sent again with that of this one.
beforeAll(() => {
  if (stryker.mutantCoverage !== undefined) stryker.mutantCoverage.perTest = {};
});

afterEach(({ task }) => {
  if (mutant !== undefined && task.result?.state === 'fail') stryker.killed = mutant;
});
