/**
 * Packs the package as `npm publish` would, and checks what a user gets. Run it after `npm run build`.
 *
 * - The README as npm shows it: every link is absolute, and what it points at in the repository is there.
 * - The files of the package are those that docs/releasing.md lists.
 * - The two programs of the README, copied out of it, run on the packed package and print what the README says.
 *
 *   node scripts/check-release.mjs            checks
 *   node scripts/check-release.mjs --write    writes the list of files into docs/releasing.md
 *   node scripts/check-release.mjs --publish  also fails while package.json has a placeholder
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anchorsOf, linksOf } from './links.mjs';
import { placeholder, repositoryOf } from './npm-readme.mjs';
import { root } from './packPackage.mjs';
import { run } from './run.mjs';

const options = process.argv.slice(2);
const unknown = options.find((option) => !['--write', '--publish'].includes(option));
if (unknown) throw new Error(`unknown option ${unknown}`);
if (!existsSync(join(root, 'dist/index.js'))) throw new Error('dist is missing: run `npm run build` first');

const problems = [];
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
if (options.includes('--publish')) {
  for (const field of ['repository', 'homepage', 'bugs']) {
    if (JSON.stringify(manifest[field]).includes(placeholder)) problems.push(`package.json: "${field}" still has the placeholder ${placeholder}`);
  }
}

const folder = mkdtempSync(join(tmpdir(), 'release-'));
try {
  const [packed] = JSON.parse(jsonOf(await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: root })));
  const home = join(folder, 'node_modules/websocket-subject');
  mkdirSync(home, { recursive: true });
  await run('tar', ['-xzf', join(folder, packed.filename), '-C', home, '--strip-components=1']);
  checkReadme(readFileSync(join(home, 'README.md'), 'utf8'));
  checkFiles(packed.files.map(({ path }) => path));
  for (const name of ['rxjs', 'ws', 'isomorphic-ws']) symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  await runPrograms();
} finally {
  await run(process.execPath, ['scripts/npm-readme.mjs', 'postpack'], { cwd: root }); // where packing has failed
  rmSync(folder, { recursive: true, force: true });
}

for (const problem of problems) console.error(`FAIL  ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Scripts of the package may print lines before npm's JSON. */
function jsonOf(output) {
  return output.slice(output.search(/^\[/m));
}

function checkReadme(readme) {
  const base = repositoryOf(manifest);
  const links = linksOf(readme);
  for (const { target, line, isImage } of links) {
    const where = `README.md:${line}, as npm shows it: ${target}`;
    if (target.startsWith('#')) {
      if (!anchorsOf(readme).includes(target.slice(1))) problems.push(`${where}: there is no such heading`);
    } else if (!/^https:\/\//.test(target)) problems.push(`${where}: is not absolute`);
    else if (target.startsWith(base)) {
      const [, kind, path, anchor] = new RegExp(`^/(blob|raw)/v${manifest.version.replaceAll('.', '\\.')}/([^#]+)(?:#(.*))?$`).exec(target.slice(base.length)) ?? [];
      if (path === undefined || !existsSync(join(root, path))) problems.push(`${where}: is not in the repository`);
      else if ((kind === 'raw') !== isImage) problems.push(`${where}: a picture needs raw, a page blob`);
      else if (anchor !== undefined && !anchorsOf(readFileSync(join(root, path), 'utf8')).includes(anchor)) problems.push(`${where}: there is no such heading`);
    }
  }
  if (!links.some(({ isImage }) => isImage)) problems.push('README.md: has no picture');
  console.log(`README as npm shows it: ${links.length} links`);
}

function checkFiles(paths) {
  const chunk = /^dist\/(?:chunk-[\w-]+|[\w-]+-[\w-]{8})\.(?:d\.)?[cm]?[jt]s(?:\.map)?$/;
  const kinds = new Map();
  for (const path of paths.filter((one) => !chunk.test(one)).sort()) {
    const [, name, extension] = /^(dist\/[^.]+)(\..+)$/.exec(path) ?? [null, path];
    kinds.set(name, [...(kinds.get(name) ?? []), ...(extension ? [`\`${extension}\``] : [])]);
  }
  const lines = [...kinds].map(([name, extensions]) => `- \`${name}\`${extensions.length > 0 ? `: ${extensions.join(', ')}` : ''}`);
  const list = [...lines, '- `dist/*`: shared chunks, their maps and types'].join('\n');
  const file = join(root, 'docs/releasing.md');
  const page = readFileSync(file, 'utf8');
  const written = page.replace(/(<!-- package -->\n)[^]*(<!-- end of the package -->)/, (_, begin, end) => `${begin}\n${list}\n\n${end}`);
  if (options.includes('--write')) writeFileSync(file, written);
  else if (written !== page) problems.push('docs/releasing.md: the package has other files: run `node scripts/check-release.mjs --write` and review the difference');
  console.log(`package: ${paths.length} files`);
}

/** Copies the server, the client and their output out of the README, and runs them on a free port. */
async function runPrograms() {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const section = readme.split('## A first program')[1]?.split(/^## /m)[0] ?? '';
  const [server, client, output] = [...section.matchAll(/^```(?:ts|text)\n([^]*?)^```/gm)].map(([, code]) => code);
  const port = await freePort();
  writeFileSync(join(folder, 'server.mjs'), server.replace('port: 8080', `host: '127.0.0.1', port: ${port}`));
  writeFileSync(join(folder, 'client.mjs'), client.replace('8080', String(port)));
  const serving = spawn(process.execPath, ['server.mjs'], { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] });
  try {
    await listening(port, serving);
    const printed = await run(process.execPath, ['client.mjs'], { cwd: folder, timeout: 60_000 });
    if (printed !== output) problems.push(`README.md: the first program prints\n${printed}and the README says\n${output}`);
    console.log(`first program: ${server.trim().split('\n').length} lines of server, ${client.trim().split('\n').length} of client, ${printed.trim().split('\n').length} of output`);
  } finally {
    serving.kill();
  }
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

/** Resolves once the server answers HTTP, which opens no WebSocket. */
async function listening(port, serving) {
  while (serving.exitCode === null) {
    const answered = await fetch(`http://127.0.0.1:${port}`).then(() => true, () => false);
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`the server of the README ended with ${serving.exitCode}`);
}
