import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { highlight } from './highlight.mjs';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Builds the page with the sources of the library, in memory.
 * @returns {Promise<Map<string, string | Uint8Array>>} by path, such as `/index.html`
 */
export async function buildPage() {
  const built = await build({
    configFile: false,
    envDir: false,
    root: here('../page/'),
    publicDir: false,
    cacheDir: join(tmpdir(), 'websocket-subject-dashboard'),
    logLevel: 'warn',
    plugins: [{ name: 'quotes.ts in the page', transformIndexHtml: async (html) => html.replace('<!-- quotes.ts -->', highlight(await readFile(here('../page/quotes.ts'), 'utf8'))) }],
    resolve: {
      alias: [
        { find: /^websocket-subject$/, replacement: here('../../../src/index.ts') },
        { find: /^#transport$/, replacement: here('../../../src/connection/platform.ts') },
      ],
    },
    build: { write: false, minify: false, sourcemap: 'inline', target: 'es2022', modulePreload: false, reportCompressedSize: false },
  });
  if (!('output' in built)) throw new Error('Vite did not return a single build.');
  return new Map(built.output.map((file) => [`/${file.fileName}`, file.type === 'chunk' ? file.code : file.source]));
}
