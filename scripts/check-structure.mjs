/**
 * Checks the structure of `src` against the limits below: import cycles, import chains, files in a folder, lines of code.
 *
 *   node scripts/check-structure.mjs           prints every measurement with its limit, and fails where one is over it
 *   node scripts/check-structure.mjs <folder>  measures another folder of sources
 *
 * Imports of types count as imports: a reader has to follow them too. The runtime numbers stand beside them, for comparison.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import ts from 'typescript';
import { root } from './packPackage.mjs';

const src = process.argv[2] ?? join(root, 'src');
const core = ['subject', 'session', 'connection'];
/** These folders must not load rxjs, not even through another folder. */
const withoutRxjs = ['close', 'policy'];
/** Entry points for tests and for Angular have a budget of their own. */
const outsideLineBudget = ['testing', 'angular', 'angularTesting'];
/** `codeLines` keeps what was reached; docs/decisions.md says what the goal of 3,600 would cost. */
const limits = { cycles: 0, chain: 13, coreChain: 9, coreFiles: 30, folderFiles: 25, codeLines: 5_000, rxjs: 0 };

/** The modules that stand for '#transport': "imports" of package.json chooses one of them. */
const transports = ['connection/node.ts', 'connection/platform.ts'];

const folderOf = (file) => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '.');

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((name) => name.split(sep).join('/'))
  .filter((name) => name.endsWith('.ts'))
  .sort();
const sources = new Map(files.map((file) => [file, ts.createSourceFile(file, readFileSync(join(src, file), 'utf8'), ts.ScriptTarget.Latest, true)]));

/** Returns the imports of a file: each specifier, and whether it is there at run time. */
function importsOf(source) {
  const found = [];
  const visit = (node) => {
    if (ts.isImportDeclaration(node)) found.push({ specifier: node.moduleSpecifier.text, isType: node.importClause?.isTypeOnly === true });
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier) found.push({ specifier: node.moduleSpecifier.text, isType: node.isTypeOnly });
    else if (ts.isImportTypeNode(node)) found.push({ specifier: node.argument.literal.text, isType: true });
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) found.push({ specifier: node.arguments[0].text, isType: false });
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** Returns the files that a specifier stands for: none for another package. */
function resolve(file, specifier) {
  if (specifier === '#transport') return transports.filter((name) => sources.has(name));
  if (!specifier.startsWith('.')) return [];
  const target = posix.join(posix.dirname(file), specifier).replace(/\.js$/, '.ts');
  if (!sources.has(target)) throw new Error(`src/${file} imports ${specifier}, which is no file of src`);
  return [target];
}

const imports = new Map([...sources].map(([file, source]) => [file, importsOf(source)]));

/** Returns each file with the files it imports. */
function graphOf({ types, within = files }) {
  const nodes = new Set(within);
  return new Map([...nodes].map((file) => {
    const targets = imports.get(file).filter(({ isType }) => types || !isType).flatMap(({ specifier }) => resolve(file, specifier));
    return [file, [...new Set(targets)].filter((target) => nodes.has(target))];
  }));
}

/** Returns the strongly connected components, each after those that it imports (Tarjan). */
function componentsOf(graph) {
  const [order, low, stack, components] = [new Map(), new Map(), [], []];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const target of graph.get(file)) {
      if (!order.has(target)) visit(target);
      if (stack.includes(target)) low.set(file, Math.min(low.get(file), low.get(target)));
    }
    if (low.get(file) === order.get(file)) components.push(stack.splice(stack.indexOf(file)));
  };
  for (const file of graph.keys()) if (!order.has(file)) visit(file);
  return components;
}

const cyclesOf = (graph) => componentsOf(graph).filter((files) => files.length > 1 || graph.get(files[0]).includes(files[0]));

/** Returns the longest chain of files in which each imports the next one. A cycle counts as one file, so that other faults still show. */
function longestChain(graph) {
  const chains = new Map();
  let longest = [];
  for (const component of componentsOf(graph)) {
    const below = component.flatMap((file) => graph.get(file)).filter((file) => !component.includes(file)).map((file) => chains.get(file));
    const chain = [component.join(' ⇄ '), ...below.reduce((best, next) => (next.length > best.length ? next : best), [])];
    for (const file of component) chains.set(file, chain);
    if (chain.length > longest.length) longest = chain;
  }
  return longest;
}

/** Returns the number of lines that hold code: neither blank nor comment only. */
function codeLinesOf(source) {
  const lines = new Set();
  const visit = (node) => {
    const children = node.getChildren(source);
    if (children.length > 0) children.filter(({ kind }) => kind < ts.SyntaxKind.FirstJSDocNode || kind > ts.SyntaxKind.LastJSDocNode).forEach(visit);
    else if (node.getWidth(source) > 0) {
      const [first, last] = [node.getStart(source), node.getEnd()].map((at) => source.getLineAndCharacterOfPosition(at).line);
      for (let line = first; line <= last; line++) lines.add(line);
    }
  };
  visit(source);
  return lines.size;
}

/** Returns which files reach rxjs at run time, and through which chain. */
function reachingRxjs(graph, folder) {
  const loadsRxjs = (file) => imports.get(file).some(({ specifier, isType }) => !isType && /^rxjs(\/|$)/.test(specifier));
  const pathFrom = (file, seen) => {
    if (seen.has(file)) return undefined;
    seen.add(file);
    if (loadsRxjs(file)) return [file];
    for (const target of graph.get(file)) {
      const path = pathFrom(target, seen);
      if (path) return [file, ...path];
    }
    return undefined;
  };
  return files.filter((file) => folderOf(file) === folder).flatMap((file) => [pathFrom(file, new Set())].filter(Boolean));
}

let failed = 0;
const report = (what, value, limit, details = []) => {
  const isMet = value <= limit;
  if (!isMet) failed += 1;
  console.log(`${isMet ? 'ok  ' : 'FAIL'}  ${what}: ${value.toLocaleString('en')} (at most ${limit.toLocaleString('en')})`);
  if (!isMet) for (const detail of details) console.log(`        ${detail}`);
};
const arrow = (chain) => chain.join(' → ');

const [all, runtime] = [true, false].map((types) => graphOf({ types }));
const inCore = files.filter((file) => core.includes(folderOf(file)));
const [coreAll, coreRuntime] = [true, false].map((types) => graphOf({ types, within: inCore }));

const cycles = cyclesOf(all);
report('import cycles, types counted', cycles.length, limits.cycles, cycles.map(arrow));
const chain = longestChain(all);
report('files in the longest import chain of src', chain.length, limits.chain, [arrow(chain)]);
const coreChain = longestChain(coreAll);
report(`files in the longest import chain within ${core.join(', ')}`, coreChain.length, limits.coreChain, [arrow(coreChain)]);
report(`files in ${core.join(', ')}`, inCore.length, limits.coreFiles);
for (const folder of [...new Set(files.map(folderOf))]) report(`files in ${folder}`, files.filter((file) => folderOf(file) === folder).length, limits.folderFiles);
for (const folder of withoutRxjs) {
  const paths = reachingRxjs(runtime, folder);
  report(`files of ${folder} that load rxjs`, paths.length, limits.rxjs, paths.map(arrow));
}
const lines = new Map([...sources].map(([file, source]) => [file, codeLinesOf(source)]));
const sum = (names) => names.reduce((total, file) => total + lines.get(file), 0);
const budgeted = files.filter((file) => !outsideLineBudget.includes(folderOf(file)));
const byFolder = [...new Set(budgeted.map(folderOf))].map((folder) => `${folder}: ${sum(budgeted.filter((file) => folderOf(file) === folder))}`);
report('lines of code', sum(budgeted), limits.codeLines, byFolder);

console.log(`At run time alone: ${cyclesOf(runtime).length} cycles, a chain of ${longestChain(runtime).length} in src, of ${longestChain(coreRuntime).length} in the core.`);
console.log(failed === 0 ? `The structure of ${relative(process.cwd(), src) || src} keeps every limit.` : `${failed} limits are not kept.`);
process.exitCode = failed === 0 ? 0 : 1;
