import { defineConfig } from 'tsup';
import type { Options } from 'tsup';

const entryPoints = {
  index: 'src/index.ts',
  'operators/index': 'src/operators/index.ts',
  'testing/index': 'src/testing/index.ts',
  'angular/index': 'src/angular/index.ts',
  'angular/testing/index': 'src/angularTesting/index.ts',
};

/**
 * esbuild makes `var X = class _X` of a class that names itself in its body, so that `X.name` is '_X'. This takes the inner name back;
 * the outer one is a `var` that nothing assigns again.
 */
const ownClassNames: NonNullable<Options['plugins']>[number] = {
  name: 'own-class-names',
  renderChunk(code, { map }) {
    const renamed = [...code.matchAll(/^var (\w+) = class _\1\b/gm)].map(([, name = '']) => name);
    return { code: renamed.reduce((text, name) => text.replaceAll(new RegExp(`\\b_${name}\\b`, 'g'), name), code), map: map ?? null };
  },
};

export default defineConfig({
  entry: {
    ...entryPoints,
    // Reached only through "imports" of package.json: '#transport' is the one in Node, the other everywhere else.
    'transport/node': 'src/connection/node.ts',
    'transport/platform': 'src/connection/platform.ts',
  },
  format: ['esm', 'cjs'],
  // tsup injects `baseUrl`, which TypeScript 6 rejects unless told to let it pass.
  dts: { entry: entryPoints, compilerOptions: { ignoreDeprecations: '6.0', stripInternal: true } },
  platform: 'neutral',
  target: 'es2022',
  sourcemap: true,
  clean: true,
  // Shared chunks give both entry points the same classes; rollup's interop (treeshake) keeps require('isomorphic-ws') right.
  splitting: true,
  treeshake: true,
  plugins: [ownClassNames],
  external: ['#transport', '@angular/core', 'isomorphic-ws', 'rxjs', 'ws'],
});
