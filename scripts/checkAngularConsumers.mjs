// What applications of other versions of Angular make of the packed package: those of the CLI 20 and 21 build without a warning, with skipLibCheck off, and one of
// Angular 19 that uses the core alone installs.
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installInto, packPackage, root } from './packPackage.mjs';
import { run } from './run.mjs';

/** The CLI and `@angular/core` have patches of their own. */
const versions = [{ cli: '20.3.41', core: '20.3.32' }, { cli: '21.2.27', core: '21.2.26' }];
const source = join(root, 'scripts/consumer/angular');

/** Strings of the testing entries that a minifier leaves. */
const ofTests = /expectOne|provideWebSocketTesting|no server can send this code/g;

/** Returns what the scripts of a build hold of the testing entries. */
export async function testingCodeIn(folder) {
  const kit = await readFile(join(root, 'dist/angular/testing/index.js'), 'utf8');
  if (!ofTests.test(kit)) throw new Error('what is looked for is not in the testing entry');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  if (names.length === 0) throw new Error(`no scripts in ${folder}`);
  const code = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  return code.flatMap((text) => text.match(ofTests) ?? []);
}

export async function checkAngularConsumers(check) {
  const folder = await mkdtemp(join(tmpdir(), 'websocket-subject-angular-'));
  try {
    const tarball = await packPackage(folder);
    for (const { cli, core } of versions) {
      const cwd = join(folder, cli);
      await check(`Angular ${core}: the package is installed`, () =>
        installInto(cwd, [
          tarball, 'rxjs@7.8.2', 'tslib@2.8.1', 'typescript@5.9.3', 'zone.js@0.15.1', `@angular/build@${cli}`, `@angular/cli@${cli}`,
          ...['common', 'compiler', 'compiler-cli', 'core', 'platform-browser'].map((name) => `@angular/${name}@${core}`),
        ], { type: 'module', overrides: { rollup: '4.67.4' } }));
      await cp(source, cwd, { recursive: true });
      for (const configuration of ['zoneless', 'zone']) {
        await check(`Angular ${core}, ${configuration}: production build without warnings, and without testing code`, async () => {
          const said = await run('npx', ['ng', 'build', '--configuration', configuration], { cwd, env: { NG_CLI_ANALYTICS: 'false' } });
          if (/warning/i.test(said)) throw new Error(said);
          const found = await testingCodeIn(join(cwd, 'dist', configuration, 'browser'));
          if (found.length > 0) throw new Error(`it holds ${found.join(', ')}`);
        });
      }
    }
    await check('Angular 19: the package is installed, and injectWebSocket says what it needs', async () => {
      const cwd = join(folder, '19');
      await installInto(cwd, [tarball, 'rxjs@7.8.2', 'zone.js@0.15.1', ...['common', 'compiler', 'core', 'platform-browser'].map((name) => `@angular/${name}@19.2.9`)], { type: 'module' });
      await cp(join(source, 'old.mjs'), join(cwd, 'old.mjs'));
      const said = (await run(process.execPath, ['old.mjs'], { cwd })).trim();
      if (said !== 'websocket-subject/angular needs Angular 20 or later, not 19.2.9') throw new Error(`it said ${said}`);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
