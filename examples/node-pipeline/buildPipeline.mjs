import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The pipeline, and the library from its sources, as one file: in a clone there may be no build yet.
 * @param {string} folder to write it to, inside the clone, where its packages are found
 * @returns {Promise<string>} the file
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
        { find: /^#transport$/, replacement: here('../../src/transport/node.ts') },
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
