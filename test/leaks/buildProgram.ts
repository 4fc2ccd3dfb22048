import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Builds a program of the tests, with the sources of the library, as `program.mjs` in a folder of the project: a process of its own runs it. */
export async function buildProgram(source: string, folder: string): Promise<void> {
  await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: { '#transport': here('../../src/connection/node.ts') } },
    build: {
      ssr: source,
      outDir: folder,
      target: 'node20',
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
}
