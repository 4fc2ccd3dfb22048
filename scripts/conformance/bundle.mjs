import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from '../packPackage.mjs';

const esbuild = createRequire(createRequire(import.meta.url).resolve('tsup'))('esbuild'); // tsup brings it

const scripts = join(root, 'temp/elsewhere'); // inside the package, where Deno and Bun find `ws`
const suite = join(root, 'test/conformance/elsewhere');

/** By kind: where the script begins, which default transport the library has in it, and where it will run. */
const kinds = {
  page: ['script.ts', 'platform.ts', 'browser'],
  workerd: ['workerd.ts', 'platform.ts', 'browser'],
  node: ['script.ts', 'node.ts', 'node'],
};

/** Makes one script of the suite, the library, and a file that stands in for Vitest; resolves with its path. */
export async function bundleSuite(name, { bundle, transport }, { pattern, results, server }) {
  const [entry, defaultTransport, platform] = kinds[bundle];
  return build(join(suite, entry), `${name}.mjs`, platform, {
    external: ['isomorphic-ws', 'ws'],
    alias: { vitest: join(suite, 'vitest.ts'), '#transport': join(root, 'src/connection', defaultTransport) },
    define: { tested: JSON.stringify({ ...transport, pattern, resultsUrl: `${results}/results` }), provided: JSON.stringify({ serverUrl: server }) },
  });
}

/** The server that the suite connects to is written in TypeScript. */
export async function startWireServer() {
  const file = await build(join(root, 'test/server/WireServer.ts'), 'WireServer.mjs', 'node');
  return (await import(pathToFileURL(file).href)).startWireServer();
}

async function build(entry, name, platform, options) {
  const outfile = join(scripts, name);
  await esbuild.build({
    entryPoints: [entry], outfile, bundle: true, format: 'esm', platform, target: 'es2022', logLevel: 'warning',
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } }, // ours has paths, which would win
    ...options,
  });
  return outfile;
}
