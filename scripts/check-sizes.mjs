/**
 * Bundles three programs from `dist` for browsers, with esbuild, Vite and rollup, minified and without rxjs, and checks their gzip sizes and contents.
 * Run it after `npm run build`.
 *
 *   node scripts/check-sizes.mjs          fails when a program has grown beyond `sizes.json` and its slack, or holds code that it must not hold
 *   node scripts/check-sizes.mjs --write  writes the measured sizes into `sizes.json`; say in docs/decisions.md why one has grown
 *
 * It prints how far each program is above its goal. What keeps it there is in docs/decisions.md, feature by feature.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as buildWithVite } from 'vite';
import { root } from './packPackage.mjs';

// tsup brings these two.
const ofTsup = createRequire(createRequire(import.meta.url).resolve('tsup'));
const esbuild = ofTsup('esbuild');
const { rollup } = ofTsup('rollup');

const sizesFile = fileURLToPath(new URL('sizes.json', import.meta.url));
/** How far a size may be above the one in `sizes.json`. */
const slack = 0.01;

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const entry = (name) => JSON.stringify(join(root, manifest.exports[name].import.default));
const library = join(root, manifest.exports['.'].import.default);
const browserTransport = join(root, manifest.imports['#transport'].default.import);

const base = ['close', 'config', 'connection', 'session', 'subject'];
/** What each program exports, its goal in bytes, and the folders of `src` whose code it may hold. With `over`, the goal is a distance to another program. */
const programs = {
  webSocket: { source: `export { webSocket } from ${entry('.')};`, goal: 10_240, folders: base },
  'webSocket, reconnectOnCode': { source: `export { webSocket, reconnectOnCode } from ${entry('.')};`, goal: 13_312, folders: [...base, 'operators', 'policy'] },
  everything: { source: `export * from ${entry('.')};`, goal: 20_992, folders: [...base, 'operators', 'policy', 'around', 'topics'] },
  angular: {
    source: `export { webSocket } from ${entry('.')};\nexport { injectWebSocket } from ${entry('./angular')};`,
    over: 'webSocket', goal: 1_536, folders: [...base, 'angular'],
  },
  testing: {
    source: `export * from ${entry('.')};\nexport * as testing from ${entry('./testing')};`,
    over: 'everything', goal: 4_096, folders: [...base, 'operators', 'policy', 'around', 'topics', 'testing'],
  },
};

const external = ['rxjs', 'rxjs/operators', '@angular/core'];
const target = 'es2022';

/** Gives Vite and rollup the program as a module, and each file of `dist` with its source map, which they do not read by themselves. */
const modules = (program) => ({
  name: 'program',
  resolveId: (id) => (id === 'program' ? '\0program' : null),
  async load(id) {
    if (id === '\0program') return program.source;
    if (!id.startsWith(join(root, 'dist'))) return null;
    return { code: await readFile(id, 'utf8'), map: JSON.parse(await readFile(`${id}.map`, 'utf8')) };
  },
});

/** Each bundler returns the minified code, a source map that leads to `src`, and the names of the modules that the code imports. */
const bundlers = {
  async esbuild(program) {
    const { outputFiles, metafile } = await esbuild.build({
      tsconfigRaw: {}, // ours has paths for the sources
      stdin: { contents: program.source, resolveDir: root }, bundle: true, minify: true, write: false, outfile: 'program.js',
      platform: 'browser', format: 'esm', target, external, sourcemap: 'external', metafile: true, legalComments: 'none', logLevel: 'error',
    });
    const [code, map] = ['.js', '.map'].map((extension) => outputFiles.find(({ path }) => path.endsWith(extension)).text);
    const outputs = Object.values(metafile.outputs);
    return { code, map: JSON.parse(map), imports: outputs.flatMap(({ imports }) => imports.map(({ path }) => path)) };
  },
  async vite(program) {
    const { output: [chunk] } = await buildWithVite({
      configFile: false, envFile: false, logLevel: 'error', root, plugins: [modules(program)],
      build: {
        write: false, target, modulePreload: false, sourcemap: 'hidden',
        rolldownOptions: { input: 'program', external, preserveEntrySignatures: 'strict' },
      },
    });
    return { code: chunk.code, map: chunk.map, imports: [...chunk.imports, ...chunk.dynamicImports] };
  },
  async rollup(program) {
    const browser = { name: 'browser', resolveId: (id) => (id === '#transport' ? browserTransport : null) };
    const bundle = await rollup({ input: 'program', external, plugins: [modules(program), browser] });
    const { output: [chunk] } = await bundle.generate({ format: 'es', sourcemap: true });
    const { code } = await esbuild.transform(chunk.code, { minify: true, format: 'esm', target });
    return { code, map: chunk.map, imports: [...chunk.imports, ...chunk.dynamicImports] };
  },
};

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Returns the sources that some code of the bundle comes from. The list of a source map also names those of which nothing is left. */
function sourcesOf({ sources, mappings }) {
  const used = new Set();
  let source = 0;
  for (const segment of mappings.split(/[,;]/)) {
    // Base64 VLQ: five bits a digit, the sixth says that more follow; the lowest bit of a number is its sign. The second number is the source.
    const numbers = [];
    let [value, shift] = [0, 0];
    for (const digit of segment) {
      const bits = digits.indexOf(digit);
      value += (bits & 31) << shift;
      shift += 5;
      if (bits & 32) continue;
      numbers.push(value & 1 ? -(value >> 1) : value >> 1);
      [value, shift] = [0, 0];
    }
    if (numbers.length < 4) continue;
    source += numbers[1];
    used.add(source);
  }
  return [...used].map((index) => sources[index]);
}

/** Returns what a bundle holds or imports and must not. */
function intrudersOf({ map, imports }, { folders }) {
  const sources = sourcesOf(map).filter((source) => !/(^|\0)program$|<stdin>/.test(source)).map((source) => /(?:^|\/)src\/(.+)$/.exec(source)?.[1] ?? source);
  if (!sources.includes('subject/WebSocketSubject.ts')) throw new Error(`the source map does not lead to src: ${sources.join(', ')}`);
  const isAllowed = (source) => folders.includes(source.split('/')[0]) && !['connection/node.ts', 'connection/Cork.ts'].includes(source);
  return [...sources.filter((source) => !isAllowed(source)), ...imports.filter((name) => !external.includes(name)).map((name) => `import of ${name}`)].sort();
}

if (!existsSync(library)) throw new Error('dist is missing: run `npm run build` first');
const [option] = process.argv.slice(2);
if (![undefined, '--write'].includes(option)) throw new Error(`unknown option ${option}`);
const known = existsSync(sizesFile) ? JSON.parse(readFileSync(sizesFile, 'utf8')) : {};
const measured = {};
const problems = [];
const show = (bytes) => bytes.toLocaleString('en');

for (const [bundler, bundle] of Object.entries(bundlers)) {
  measured[bundler] = {};
  for (const [name, program] of Object.entries(programs)) {
    const bundled = await bundle(program);
    const size = gzipSync(bundled.code, { level: 9 }).length;
    measured[bundler][name] = size;
    const before = known[bundler]?.[name];
    const goal = program.goal + (measured[bundler][program.over] ?? 0);
    if (program.over && size > goal) problems.push(`${bundler}, ${name}: ${show(size - goal)} B above ${show(program.goal)} over ${program.over}`);
    const label = `${bundler}, ${name}`;
    const distance = size > goal ? `${show(size - goal)} above` : 'within';
    console.log(`${label}: ${show(size)} B; ${before === undefined ? 'not in sizes.json' : `${show(before)} in sizes.json`}; ${distance} the goal of ${show(goal)}`);
    const intruders = intrudersOf(bundled, program);
    if (intruders.length > 0) problems.push(`${label}: must not hold ${intruders.join(', ')}`);
    if (option === '--write') continue;
    if (before === undefined) problems.push(`${label}: has no size in sizes.json: run \`npm run sizes:write\``);
    else if (size > before * (1 + slack)) problems.push(`${label}: has grown by ${show(size - before)} B to ${show(size)}`);
    else if (size < before * (1 - slack)) console.log(`  smaller by ${show(before - size)} B: \`npm run sizes:write\` keeps that`);
  }
}

if (option === '--write') {
  writeFileSync(sizesFile, `${JSON.stringify(measured, null, 2)}\n`);
  console.log(`written: ${relative(process.cwd(), sizesFile)}`);
}
for (const problem of problems) console.error(`FAIL  ${problem}`);
if (problems.length === 0) console.log('No program has grown, and none holds what it must not.');
process.exitCode = problems.length === 0 ? 0 : 1;
