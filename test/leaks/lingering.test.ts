import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import { serverAt, type Peer } from '../server/serverAt.js';
import { buildProgram } from './buildProgram.js';

/** Inside the project, so that its packages resolve. */
const folder = fileURLToPath(new URL(`../../temp/lingering-${process.pid}/`, import.meta.url));
let peer: Peer;
let client: ChildProcess | undefined;

beforeAll(() => buildProgram(fileURLToPath(new URL('lingering.ts', import.meta.url)), folder), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
beforeEach(async () => {
  peer = await serverAt(inject('serverUrl')).peer();
});
afterEach(async () => {
  client?.kill('SIGKILL'); // if the test has failed
  await peer.dispose();
});

/** Starts the program; returns what it writes until it exits by itself. */
function run(...args: string[]): Promise<string> {
  const program = spawn(process.execPath, [`${folder}program.mjs`, peer.url, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  client = program;
  let output = '';
  program.stdout.on('data', (text: Buffer) => (output += text.toString()));
  return new Promise((resolve) => program.on('close', () => resolve(output)));
}

it('S9: on ws neither the timer of linger nor the socket keeps the process', async () => {
  expect(await run()).toBe('exit');
});

it('S9: on ws a new subscriber keeps it again', async () => {
  const output = run('stay');
  await peer.at(0).opened();
  await peer.at(0).close(1012);
  expect(await output).toBe('close 1012, exit');
});
