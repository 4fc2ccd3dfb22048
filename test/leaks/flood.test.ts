import { spawn, type ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { encodeFrame, Opcode } from '../server/frames.js';
import type { Action } from '../server/protocol.js';
import { serverAt, type Peer } from '../server/serverAt.js';
import { buildProgram } from './buildProgram.js';

/** Inside the project, so that its packages resolve. */
const folder = fileURLToPath(new URL(`../../temp/flood-${process.pid}/`, import.meta.url));
/** MB. Without a limit each of the floods takes several times as much. */
const heap = 32;

beforeAll(() => buildProgram(fileURLToPath(new URL('flooded.ts', import.meta.url)), folder), 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A frame so many times, in one write. */
const many = (times: number, opcode: number, payload: string, fin: boolean): Action =>
  ({ do: 'raw', bytes: encodeFrame(opcode, Buffer.from(payload), fin).toString('hex'), times });

const start: Action = { do: 'frame', opcode: Opcode.text, payload: '', fin: false };
const finish: Action = { do: 'frame', opcode: Opcode.continuation, payload: '' };

describe('S15: in a process with a small heap, what the server sends', () => {
  let peer: Peer;
  let client: ChildProcess;
  let output = '';
  let ended: Promise<number | null>;
  beforeEach(async () => {
    peer = await serverAt(inject('serverUrl')).peer();
    output = '';
    client = spawn(process.execPath, [`--max-old-space-size=${heap}`, `${folder}program.mjs`, peer.url], { stdio: ['ignore', 'pipe', 'ignore'] });
    client.stdout?.on('data', (text: Buffer) => (output += text.toString()));
    ended = new Promise((resolve) => client.on('close', resolve));
    await peer.at(0).opened();
  });
  afterEach(async () => {
    client.kill('SIGKILL'); // if the test has failed
    await peer.dispose();
  });

  const report = async (): Promise<unknown> => ({ exitCode: await ended, ...(output === '' ? {} : JSON.parse(output) as object) });

  it('a message of many fragments is delivered', async () => {
    await peer.at(0).do(start, many(10_000, Opcode.continuation, 'x', false), finish, { do: 'close', code: 1000 });
    expect(await report()).toEqual({ exitCode: 0, texts: 1, code: 1000, cause: '' });
  });

  it('a message of a million fragments, one byte each, ends the connection before the heap is full', async () => {
    await peer.at(0).do(start, many(1_000_000, Opcode.continuation, 'x', false));
    expect(await report()).toEqual({ exitCode: 0, texts: 0, code: 1006, cause: 'RangeError: Too many message fragments' });
  });

  it('pings from a server that reads no pongs end the connection before the heap is full', async () => {
    await peer.at(0).do({ do: 'stop-reading' }, many(400_000, Opcode.ping, 'x'.repeat(125), true));
    expect(await report()).toEqual({ exitCode: 0, texts: 0, code: 1006, cause: '' });
  });
});
