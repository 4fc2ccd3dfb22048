import { ASYMMETRIC_MATCHERS_OBJECT, chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend, setState, type ExpectStatic } from '@vitest/expect';
import { fn } from '@vitest/spy';

/** What the suite uses of Vitest, for a page or a runtime where Vitest itself does not run: a bundle has this file in its place. */

for (const plugin of [JestExtend, JestChaiExpect, JestAsymmetricMatchers]) chai.use(plugin);
export const expect = Object.assign((value: unknown, message?: string) => chai.expect(value, message), chai.expect) as unknown as ExpectStatic;
Object.assign(expect, (globalThis as Record<symbol, unknown>)[ASYMMETRIC_MATCHERS_OBJECT]);
setState({ assertionCalls: 0 }, expect);

export const vi = { fn };

type Work = (...args: any[]) => unknown;
interface Suite {
  readonly path: readonly string[];
  readonly timeout: number;
  readonly before: readonly Work[];
  readonly after: readonly Work[];
}

/** A test of the suite, with what runs before and after it. */
export interface Case {
  readonly section: string;
  readonly name: string;
  /** Resolves with what it has seen; rejects with why it failed. */
  run(): Promise<string | undefined>;
}

export const cases: Case[] = [];
let suite: Suite = { path: [], timeout: 15_000, before: [], after: [] };

export function describe(name: string, options: { readonly timeout: number } | Work, define?: Work): void {
  const outer = suite;
  suite = { ...outer, ...(typeof options === 'object' && options), path: [...outer.path, name] };
  (define ?? (options as Work))();
  suite = outer;
}

export const beforeEach = (work: Work): void => void (suite = { ...suite, before: [...suite.before, work] });
export const afterEach = (work: Work): void => void (suite = { ...suite, after: [...suite.after, work] });

export function it(name: string, test: Work): void {
  const { path, timeout, before, after } = suite;
  const run = async (): Promise<string | undefined> => {
    const task = { meta: {} as { seen?: string } };
    for (const work of before) await work();
    try {
      await within(timeout, test({ task }));
    } finally {
      for (const work of after) await work();
    }
    return task.meta.seen;
  };
  // The outermost suite names the transport.
  cases.push({ section: path.slice(1).join(', '), name, run });
}

it.each = (rows: readonly unknown[]) => (name: string, test: Work): void => {
  for (const row of rows) {
    const values = Array.isArray(row) ? row : [row];
    let index = 0;
    it(name.replace(/%s/g, () => String(values[index++])), () => test(...values));
  }
};

async function within(ms: number, work: unknown): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the test took more than ${ms} ms`)), ms);
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

declare const provided: Readonly<Record<string, string>>;
export const inject = (name: string): string => provided[name]!;
