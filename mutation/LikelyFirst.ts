import { BaseSequencer, type Reporter, type TestSpecification } from 'vitest/node';

/** By file of tests: the number of its last kill, and how long it took at first, before any mutant. */
const kills = new Map<string, number>();
const durations = new Map<string, number>();
let killed = 0;

/** Keeps for `LikelyFirst` which files failed. */
export const killers: Reporter = {
  onTestCaseResult: (test) => {
    if (test.result().state === 'failed') kills.set(test.module.moduleId, ++killed);
  },
  onTestModuleEnd: (module) => {
    if (!durations.has(module.moduleId)) durations.set(module.moduleId, module.diagnostic().duration);
  },
};

/** First the files that killed the last mutants: the next one is near them in the sources. Then the short ones. */
export class LikelyFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): readonly [number, number] => [kills.get(moduleId) ?? 0, durations.get(moduleId) ?? 0];
    return Promise.resolve([...files].sort((a, b) => {
      const [[killA, durationA], [killB, durationB]] = [rank(a), rank(b)];
      return killB - killA || durationA - durationB;
    }));
  }
}
