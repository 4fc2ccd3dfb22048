import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildProgram } from './buildProgram.js';
import type { Report } from './report.js';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
/** Inside the project, so that its packages resolve. */
const folder = here(`../../temp/leaks-${process.pid}/`);

let child: ChildProcess | undefined;
let reports: Report[];
let exitCode: number | null;
let errors = '';

beforeAll(async () => {
  await buildProgram(here('program.ts'), folder);
  const program = spawn(process.execPath, [`${folder}program.mjs`], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = program;
  let output = '';
  program.stdout.on('data', (text: Buffer) => (output += text.toString()));
  program.stderr.on('data', (text: Buffer) => (errors += text.toString()));
  exitCode = await new Promise((resolve) => program.on('close', resolve));
  reports = output === '' ? [] : JSON.parse(output) as Report[];
}, 60_000);

afterAll(() => {
  child?.kill('SIGKILL'); // if a leak keeps it alive
  rmSync(folder, { recursive: true, force: true });
});

const phases = ['its url pending', 'connecting', 'open', 'closing', 'waiting', 'suspended'];
const ends = ['close()', 'complete()', 'error()', 'the last unsubscribe'];
const transports = ['ws', 'undici', ...('WebSocket' in globalThis ? ['native'] : [])];

/** What keeps the process alive in each phase, so that there is something to leak. */
const heldIn: Record<string, string[]> = {
  'its url pending': ['Timeout'],
  connecting: ['Timeout', 'TCPSocketWrap'],
  open: ['TCPSocketWrap'],
  closing: ['TCPSocketWrap'],
  waiting: ['Timeout'],
  suspended: [],
};

describe('in a separate process, with real sockets', () => {
  it('every combination runs, and then the process exits by itself', () => {
    expect({ errors, exitCode, runs: reports.length }).toEqual({ errors: '', exitCode: 0, runs: transports.length * phases.length * ends.length });
  });

  describe.each(transports)('on %s', (transport) => {
    describe.each(phases)('%s', (phase) => {
      it.each(ends)('S9: a session ended by %s leaks no timer and no socket', (end) => {
        const report = reports.find((one) => one.transport === transport && one.phase === phase && one.end === end);
        expect(report?.during).toEqual(expect.arrayContaining(heldIn[phase] ?? ['unknown phase']));
        expect(report?.after).toEqual(report?.before);
        expect(report?.observed).toBe(false);
      });
    });
  });
});
