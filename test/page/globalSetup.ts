import { spawnSync } from 'node:child_process';
import type { TestProject } from 'vitest/node';
import { findChromium, findSystemChromium, type ChromiumLaunch } from '../setup/findChromium.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The browsers that these tests run in, by their names in the titles. */
    browsers: { npm: ChromiumLaunch | null; system: ChromiumLaunch | null };
  }
}

const versionOf = ({ executablePath, env }: ChromiumLaunch): string => spawnSync(executablePath, ['--version'], { env, encoding: 'utf8' }).stdout.trim();

/** Finds the browsers, and prints which cases cannot run without them. */
export default async function setup(project: TestProject): Promise<void> {
  const [npm, system] = [(await findChromium()) ?? null, findSystemChromium() ?? null];
  console.log(`Chromium of the npm package: ${npm ? versionOf(npm) : 'none, so its freeze and network cases do not run'}`);
  console.log(`Chromium of the system: ${system ? versionOf(system) : 'none, so the cases of the back/forward cache and of throttled timers do not run: other tests cover them with dispatched events and fake clocks'}`);
  project.provide('browsers', { npm, system });
}
