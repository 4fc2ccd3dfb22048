import { mkdirSync, writeFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

const folder = 'temp/conformance';

/** The result of one case on one transport. `scripts/conformance-table.mjs` reads these. */
interface CaseResult {
  section: string;
  name: string;
  state: string;
  seen?: string;
}

/**
 * Writes the results of the conformance suite, one file for each transport and runtime.
 *
 * It works from the test cases that Vitest reports, so that a suite that ran in a page is written like one that ran in Node, and a case
 * that was skipped is written as skipped.
 */
export default class ConformanceReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const columns = new Map<string, CaseResult[]>();
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const [title = '', ...path] = pathOf(test);
        const transport = /^conformance: (.+)$/.exec(title)?.[1];
        if (transport === undefined) continue;
        const column = `${transport}-${runtimeOf(module)}`;
        const { seen } = test.meta();
        const result: CaseResult = {
          section: path.join(', '), name: test.name, state: test.result().state, ...(seen === undefined ? {} : { seen }),
        };
        columns.set(column, [...(columns.get(column) ?? []), result]);
      }
    }
    if (columns.size > 0) mkdirSync(folder, { recursive: true });
    for (const [column, cases] of columns) {
      writeFileSync(`${folder}/${column}.json`, `${JSON.stringify({ column, cases }, null, 2)}\n`);
    }
  }
}

/** The names of the suites around a test, the outermost first. */
function pathOf(test: TestCase): string[] {
  const names: string[] = [];
  for (let parent = test.parent; parent.type === 'suite'; parent = parent.parent) names.unshift(parent.name);
  return names;
}

function runtimeOf({ project }: TestModule): string {
  const { browser } = project.config;
  return project.isBrowserEnabled() ? browser.name : `node${process.versions.node.split('.')[0] ?? ''}`;
}
