import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as everything from '../../src/index.js';
import * as operators from '../../src/operators/index.js';
import { defaultWebSocket } from '../../src/connection/platform.js';
import tsup from '../../tsup.config.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Record<string, any>;

/** Returns every path under dist that a value of package.json names, without extension. */
const named = (value: unknown): string[] =>
  typeof value === 'string' ? (value.startsWith('./dist/') ? [value.replace(/\.(d\.)?[cm]?[jt]s$/, '')] : []) : Object.values(value ?? {}).flatMap(named);

describe('package.json', () => {
  it('names exactly the files that the build makes', () => {
    const { entry } = tsup as { entry: Record<string, string> };
    expect([...new Set(named(manifest))].sort()).toEqual(Object.keys(entry).map((output) => `./dist/${output}`).sort());
    expect(Object.values(entry).filter((source) => !existsSync(`${root}${source}`))).toEqual([]);
    expect(entry).toMatchObject({ 'transport/node': 'src/connection/node.ts', 'transport/platform': 'src/connection/platform.ts' });
  });

  it('resolves #transport to the file of the platform where there is a page, even in Node', () => {
    expect(Object.keys(manifest['imports']['#transport'])).toEqual(['browser', 'node', 'default']);
  });

  it('has ws and isomorphic-ws as dependencies, rxjs 7.4 and later as a peer, and needs Node 20', () => {
    expect(manifest['dependencies']).toEqual({ 'isomorphic-ws': '^5.0.0', ws: '^8.23.0' });
    expect(manifest['peerDependencies']).toEqual({ '@angular/core': '*', rxjs: '^7.4.0' });
    // Any version, because npm fails for one that does not fit, also where only the core is used.
    expect(manifest['peerDependenciesMeta']).toEqual({ '@angular/core': { optional: true } });
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(manifest['engines']).toEqual({ node: '>=20' });
    expect(manifest).toMatchObject({ type: 'module', sideEffects: false, license: 'MIT', files: ['dist', 'README.md', 'CHANGELOG.md', 'LICENSE'] });
  });

  it('exports the entry points, each as an ES module and as CommonJS, and itself; the types of each come first', () => {
    const entry = (name: string): object => ({
      import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
      require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
    });
    // Compared as text, because the first condition that matches wins.
    expect(JSON.stringify(manifest['exports'])).toBe(JSON.stringify({
      '.': entry('index'), './operators': entry('operators/index'), './testing': entry('testing/index'), './angular': entry('angular/index'),
      './angular/testing': entry('angular/testing/index'), './package.json': './package.json',
    }));
    expect(manifest).toMatchObject({ main: './dist/index.cjs', module: './dist/index.js', types: './dist/index.d.ts' });
  });

  it('gives each module format the transport of its own format', () => {
    const transport = (name: string): object => ({ import: `./dist/transport/${name}.js`, require: `./dist/transport/${name}.cjs` });
    // Compared as text: where a test environment for pages is both, the browser's comes first.
    expect(JSON.stringify(manifest['imports'])).toBe(JSON.stringify({
      '#transport': { browser: transport('platform'), node: transport('node'), default: transport('platform') },
    }));
  });
});

describe('the entry points', () => {
  it('"." exports every operator of "./operators", the same one', () => {
    expect(Object.keys(operators)).not.toEqual([]);
    expect(everything).toMatchObject(operators);
    for (const [name, operator] of Object.entries(operators)) expect(Reflect.get(everything, name), name).toBe(operator);
  });

  it("the platform's transport is looked up when a connection needs it, not when the library is imported", () => {
    const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');
    class Late {}
    try {
      Reflect.deleteProperty(globalThis, 'WebSocket');
      expect(() => defaultWebSocket()).toThrow(/WebSocket/);
      Object.defineProperty(globalThis, 'WebSocket', { value: Late, configurable: true, writable: true });
      expect(defaultWebSocket()).toBe(Late);
    } finally {
      if (before) Object.defineProperty(globalThis, 'WebSocket', before);
      else Reflect.deleteProperty(globalThis, 'WebSocket');
    }
  });
});
