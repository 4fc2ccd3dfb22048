import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * Bundles the pipeline and the sources of the library into one file: a fresh clone has no build yet.
 * @param {string} folder to write to, inside the clone, so that packages resolve
 * @returns {Promise<string>} the path of the file
 */
export async function buildPipeline(folder) {
  await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    resolve: {
      alias: [
        { find: /^websocket-subject$/, replacement: here('../../src/index.ts') },
        { find: /^#transport$/, replacement: here('../../src/connection/node.ts') },
      ],
    },
    build: {
      ssr: here('pipeline.ts'),
      outDir: folder,
      target: 'node20',
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: 'pipeline.mjs' } },
    },
  });
  return join(folder, 'pipeline.mjs');
}
