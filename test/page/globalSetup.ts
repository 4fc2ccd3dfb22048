import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { findChromium, findSystemChromium, type ChromiumLaunch } from '../setup/findChromium.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The browsers that these tests run in, by what is said of them in the titles. */
    browsers: { npm: ChromiumLaunch | null; system: ChromiumLaunch | null };
  }
}

const versionOf = ({ executablePath, env }: ChromiumLaunch): string => spawnSync(executablePath, ['--version'], { env, encoding: 'utf8' }).stdout.trim();

const elsewhere = 'test/browser/page.test.ts, test/subject/page.test.ts and test/operators/heartbeat.test.ts';

/** Says which browsers there are, and which cases are left out for want of one. */
export default async function setup(project: TestProject): Promise<void> {
  const [npm, system] = [(await findChromium()) ?? null, findSystemChromium() ?? null];
  console.log(`Chromium of the npm package: ${npm ? versionOf(npm) : 'none, so freezing and being offline are left out there'}`);
  console.log(`Chromium of the system: ${system ? versionOf(system) : `none, so the back/forward cache and throttled timers are left out: dispatched events and fake clocks stand for them in ${elsewhere}`}`);
  project.provide('browsers', { npm, system });
}
