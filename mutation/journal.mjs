import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { PluginKind, declareClassPlugin } from '@stryker-mutator/api/plugin';

const folder = 'temp/mutation';
const journal = `${folder}/journal.jsonl`;

/** Writes each result at once, and tests the mutants in random order: a run that is ended early is a sample. Stryker itself reports at the end only. */
class Journal {
  onMutationTestingPlanReady({ mutantPlans }) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(journal, '');
    for (let i = mutantPlans.length - 1; i > 0; i--) {
      const j = Math.floor(Math.random() * (i + 1));
      [mutantPlans[i], mutantPlans[j]] = [mutantPlans[j], mutantPlans[i]];
    }
  }

  onMutantTested({ fileName, location, mutatorName, replacement, status, killedBy, statusReason, testsCompleted }) {
    const file = relative(process.cwd(), fileName);
    appendFileSync(journal, `${JSON.stringify({ file, location, mutatorName, replacement, status, killedBy, statusReason, testsCompleted })}\n`);
  }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.Reporter, 'journal', Journal)];
