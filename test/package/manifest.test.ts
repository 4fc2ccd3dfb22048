import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as everything from '../../src/index.js';
import * as operators from '../../src/operators/index.js';
import { defaultWebSocket } from '../../src/transport/platform.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as Record<string, any>;

/** Every path under dist that package.json names, without extension. */
const named = (value: unknown): string[] =>
  typeof value === 'string' ? (value.startsWith('./dist/') ? [value.replace(/\.(d\.)?[cm]?[jt]s$/, '')] : []) : Object.values(value ?? {}).flatMap(named);

describe('package.json', () => {
  it('names only files that the build makes of a source', () => {
    const outputs = new Set(named(manifest));
    expect(outputs.size).toBe(4);
    for (const output of outputs) expect(existsSync(`${root}${output.replace('./dist/', 'src/')}.ts`), output).toBe(true);
  });

  it('gives Node its transport first, and everything else the platform\'s', () => {
    expect(Object.keys(manifest['imports']['#transport'])).toEqual(['node', 'default']);
  });

  it('has ws and isomorphic-ws as dependencies, and rxjs as a peer', () => {
    expect(Object.keys(manifest['dependencies']).sort()).toEqual(['isomorphic-ws', 'ws']);
    expect(Object.keys(manifest['peerDependencies'])).toEqual(['rxjs']);
    expect(manifest['sideEffects']).toBe(false);
  });
});

describe('the entry points', () => {
  it('"." exports every operator of "./operators", the same one', () => {
    expect(Object.keys(operators)).not.toEqual([]);
    expect(everything).toMatchObject(operators);
    for (const [name, operator] of Object.entries(operators)) expect(Reflect.get(everything, name), name).toBe(operator);
  });

  it("the platform's transport is looked up when it is asked for, not when it is imported", () => {
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
