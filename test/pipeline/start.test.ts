import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';

const file = fileURLToPath(new URL('../../examples/node-pipeline/start.mjs', import.meta.url));
const counted = /^\d+ values came: [1-9]\d* are in the sink, [1-9]\d* were refused, 0 are missing, 0 came twice\.$/;

let child: ChildProcess;
afterEach(() => child.kill('SIGTERM'));

interface Ended {
  code: number | null;
  lines: string[];
  errors: string;
}

/** Runs it to its end, which is that of its children too: a process with children that run does not end by itself. The signal is for when it says `at`. */
function run({ at = 'nothing', signal = 'SIGTERM' }: { at?: string; signal?: NodeJS.Signals } = {}): Promise<Ended> {
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
  it('kills the ends, starts them again, and finds no value missing', async () => {
    const { code, lines, errors } = await run();
    expect({ code, errors, lines }).toMatchObject({ code: 0, errors: '' });
    expect(lines.filter((line) => line.endsWith('is killed.'))).toHaveLength(6);
    expect(lines.at(-1)).toMatch(counted);
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('on %s, in the middle of a restart, drains and counts', async (signal) => {
    const { code, lines, errors } = await run({ at: 'The sink is killed.', signal });
    expect({ code, errors, lines }).toMatchObject({ code: 0, errors: '' });
    expect(lines.at(-1)).toMatch(counted);
  });
});
