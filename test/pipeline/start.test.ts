import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const file = fileURLToPath(new URL('../../examples/node-pipeline/start.mjs', import.meta.url));
const counted = /^\d+ values: [1-9]\d* in the sink, [1-9]\d* refused, 0 missing, 0 duplicated\.$/;

let child: ChildProcess;
afterEach(() => child.kill('SIGTERM'));

interface Ended {
  code: number | null;
  lines: string[];
  errors: string;
}

/** Runs start.mjs until it and its children have exited. Sends the signal when a line ends with `at`. */
function run({ at = 'no such line', signal = 'SIGTERM' }: { at?: string; signal?: NodeJS.Signals } = {}): Promise<Ended> {
  const program = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'pipe'] });
  child = program;
  let errors = '';
  const lines: string[] = [];
  createInterface({ input: program.stdout }).on('line', (line) => {
    if (line.endsWith(at) && !lines.some((before) => before.endsWith(at))) program.kill(signal);
    lines.push(line);
  });
  program.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  return new Promise((resolve) => program.on('close', (code) => resolve({ code, lines, errors })));
}

describe('start.mjs', () => {
  it('kills both ends, restarts them, and finds no value missing', async () => {
    const { code, lines, errors } = await run();
    expect({ code, errors, lines }).toMatchObject({ code: 0, errors: '' });
    expect(lines.filter((line) => line.endsWith('is killed.'))).toHaveLength(6);
    expect(lines.at(-1)).toMatch(counted);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('drains and counts on %s during a restart', async (signal) => {
    const { code, lines, errors } = await run({ at: 'The sink is killed.', signal });
    expect({ code, errors, lines }).toMatchObject({ code: 0, errors: '' });
    expect(lines.at(-1)).toMatch(counted);
  });
});
