// node examples/node-pipeline/start.mjs: runs a feed, a pipeline and a sink as processes, kills and restarts both ends, then counts every value.
// It stops by itself, or on Ctrl-C or SIGTERM; it exits with 0 if no value is missing.
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { buildPipeline } from './buildPipeline.mjs';
import { isReading } from './frameOf.mjs';
import { freePort } from './freePort.mjs';
import { Program } from './Program.mjs';

/** @param {string} path */
const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** The ends to kill, one round after the other. */
const kills = /** @type {const} */ ([['feed'], ['sink'], ['feed', 'sink'], ['feed'], ['sink']]);
/** Each round starts when the sink has this many more values. */
const between = 500;

const folder = here(`../../temp/node-pipeline-${process.pid}/`);
const file = join(folder, 'sink.jsonl');
const ports = { feed: await freePort(), sink: await freePort() };

let stopping = false;
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM'])) {
  process.on(signal, () => stop());
}
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** @type {{ feed: Program, sink: Program, pipeline: Program } | undefined} */
let running;
mkdirSync(folder, { recursive: true });
const built = await buildPipeline(folder);
running = {
  feed: await start('feed'),
  sink: await start('sink'),
  pipeline: new Program(built, [`ws://127.0.0.1:${ports.feed}`, `ws://127.0.0.1:${ports.sink}`]),
};
if (stopping) running.pipeline.signal('SIGTERM');
console.log('A feed, a pipeline and a sink are running, each as a process.');

const { pipeline } = running;
try {
  await killAndStart(running);
} catch (problem) {
  if (!stopping) console.error(problem);
}
stop();
const code = await pipeline.ended;
await Promise.all([running.feed.end('SIGTERM'), running.sink.end('SIGTERM')]);
process.exitCode = count(pipeline) && code === 0 ? 0 : 1;

/** Signals the pipeline once: a Ctrl-C under npm arrives twice. */
function stop() {
  if (stopping) return;
  stopping = true;
  running?.pipeline.signal('SIGTERM');
}

/** @param {{ feed: Program, sink: Program, pipeline: Program }} programs */
async function killAndStart(programs) {
  const opened = { feed: 1, sink: 1 };
  let have = 0;
  for (const ends of kills) {
    have = await has(programs, have + between);
    for (const end of ends) {
      await programs[end].end('SIGKILL');
      console.log(`${String(have).padStart(6)} values are in the sink. The ${end} is killed.`);
    }
    for (const end of ends) programs[end] = await start(end);
    for (const end of ends) {
      const { after, again } = await programs.pipeline.until(({ open }) => open === end, (opened[end] += 1));
      console.log(`${' '.repeat(7)}The ${end} is back: ${end === 'feed' ? `resumes after ${after}` : `receives ${again} values again`}.`);
    }
  }
  have = await has(programs, have + between);
  console.log(`${String(have).padStart(6)} values are in the sink. The pipeline is asked to stop.`);
}

/** Waits until the sink has the value with that number. @param {{ sink: Program, pipeline: Program }} programs @param {number} n @returns {Promise<number>} */
async function has({ sink, pipeline }, n) {
  const ended = pipeline.ended.then(() => Promise.reject(new Error(`The pipeline has ended. ${pipeline.errors}`)));
  const { have } = await Promise.race([sink.until(({ have }) => Number(have) >= n), ended]);
  return Number(have);
}

/** @param {'feed' | 'sink'} end @returns {Promise<Program>} */
async function start(end) {
  const program = new Program(here(`${end}.mjs`), [String(ports[end]), end === 'feed' ? 'Infinity' : file]);
  await program.until(({ listening }) => listening !== undefined);
  return program;
}

/** Prints what happened to every value. @param {Program} pipeline @returns {boolean} whether none is missing or duplicated */
function count({ lines, errors }) {
  if (errors !== '') console.error(errors);
  const report = /** @type {{ last: number } | undefined} */ (lines.find(({ done }) => done !== undefined)?.['done']);
  if (report === undefined) return false;
  const written = readFileSync(file, 'utf8').split('\n').slice(0, -1).map((line) => Number(JSON.parse(line).n));
  const refused = lines.flatMap(({ refused }) => (refused === undefined ? [] : [Number(refused)]));
  const numbers = Array.from({ length: report.last }, (_, index) => index + 1);
  const missing = numbers.filter((n) => !(isReading(n) ? written : refused).includes(n));
  const twice = written.length + refused.length - new Set([...written, ...refused]).size;
  console.log(`${report.last} values: ${written.length} in the sink, ${refused.length} refused, ${missing.length} missing, ${twice} duplicated.`);
  return missing.length === 0 && twice === 0;
}
