import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from './report.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Inside the project, where its packages are found. */
const folder = here(`../../temp/leftovers-${process.pid}/`);

let child: ChildProcess | undefined;
let reports: Report[];
let exitCode: number | null;
let errors = '';

beforeAll(async () => {
  await build({
    configFile: false,
    envDir: false,
    publicDir: false,
    logLevel: 'error',
    resolve: { alias: { '#transport': here('../../src/transport/node.ts') } },
    build: {
      ssr: here('program.ts'),
      outDir: folder,
      target: 'node20',
      reportCompressedSize: false,
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
  const program = spawn(process.execPath, [`${folder}program.mjs`], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = program;
  let said = '';
  program.stdout.on('data', (text: Buffer) => (said += text.toString()));
  program.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  exitCode = await new Promise((resolve) => program.on('close', resolve));
  reports = said === '' ? [] : JSON.parse(said) as Report[];
}, 60_000);

afterAll(() => {
  child?.kill('SIGKILL'); // one that something keeps alive
  rmSync(folder, { recursive: true, force: true });
});

const phases = ['its url pending', 'connecting', 'open', 'closing', 'waiting', 'suspended'];
const ends = ['close()', 'complete()', 'error()', 'the last to leave'];
const transports = ['ws', 'undici', ...('WebSocket' in globalThis ? ['native'] : [])];

/** What keeps a process alive in each phase at least, so that there is something to leave behind. */
const held: Record<string, string[]> = {
  'its url pending': ['Timeout'],
  connecting: ['Timeout', 'TCPSocketWrap'],
  open: ['TCPSocketWrap'],
  closing: ['TCPSocketWrap'],
  waiting: ['Timeout'],
  suspended: [],
};

describe('in a process of its own, with real sockets', () => {
  it('every session is tried, and then the process ends by itself', () => {
    expect({ errors, exitCode, tried: reports.length }).toEqual({ errors: '', exitCode: 0, tried: transports.length * phases.length * ends.length });
  });

  describe.each(transports)('on %s', (transport) => {
    describe.each(phases)('%s', (phase) => {
      it.each(ends)('S9: a session ended by %s leaves no timer and no socket behind', (end) => {
        const report = reports.find((one) => one.transport === transport && one.phase === phase && one.end === end);
        expect(report?.during).toEqual(expect.arrayContaining(held[phase] ?? ['unknown phase']));
        expect(report?.after).toEqual(report?.before);
        expect(report?.observed).toBe(false);
      });
    });
  });
});
