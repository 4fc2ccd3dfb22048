/**
 * Builds the site into .vitepress/dist: stages the pages, writes the reference of the API, and runs VitePress.
 *
 *   node build.mjs        builds
 *   node build.mjs --dev  serves the pages, and builds them again when a component changes
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Application } from 'typedoc';
import { build, createServer } from 'vitepress';
import { stagePages } from './stagePages.mjs';

const site = fileURLToPath(new URL('.', import.meta.url));
const root = join(site, '..');
const pages = join(site, '.pages');

/** The file of an entry point: `core`, `operators` … */
const pageOf = (name) => name.split('/')[1] ?? 'core';

stagePages(root, pages);

const app = await Application.bootstrapWithPlugins({
  plugin: ['typedoc-plugin-markdown'],
  tsconfig: join(root, 'tsconfig.json'),
  entryPoints: ['index', 'operators/index', 'testing/index', 'angular/index'].map((name) => join(root, `src/${name}.ts`)),
  name: 'API reference',
  readme: 'none',
  outputs: [{ name: 'markdown', path: join(pages, 'reference') }],
  outputFileStrategy: 'modules', // a page for each entry point
  entryFileName: 'index',
  excludeExternals: true, // the members of Event and Observable
  excludeInternal: true,
  excludePrivate: true,
  disableSources: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  useCodeBlocks: true,
  parametersFormat: 'table',
  interfacePropertiesFormat: 'table',
  skipErrorChecking: true,
  logLevel: 'Error',
});
const project = await app.convert();
if (!project) throw new Error('typedoc could not read the sources');
await app.generateOutputs(project);

// typedoc names the pages after the files of `src`; users know the entry points.
const reference = join(pages, 'reference');
const entryPoints = { 'index-1': 'websocket-subject', operators: 'websocket-subject/operators', testing: 'websocket-subject/testing', angular: 'websocket-subject/angular' };
for (const [file, name] of Object.entries(entryPoints)) {
  const text = readFileSync(join(reference, `${file}.md`), 'utf8');
  rmSync(join(reference, `${file}.md`));
  writeFileSync(join(reference, `${pageOf(name)}.md`), text.replace(/^# .*/, `# ${name}`).replaceAll('(index-1.md', `(${pageOf('websocket-subject')}.md`));
}
const list = Object.values(entryPoints).map((name) => `- [\`${name}\`](./${pageOf(name)}.md)`);
writeFileSync(join(reference, 'index.md'), `# API reference\n\nMade from the doc comments. The entry points:\n\n${list.join('\n')}\n`);

if (process.argv.includes('--dev')) {
  const server = await createServer(site);
  await server.listen();
  server.printUrls();
} else await build(site);
