import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const sample = fileURLToPath(new URL('sample.mjs', import.meta.url));

/**
 * Runs the sides of a table in turn, each sample in a process of its own, and gives the lines of the table: the medians, their spread, and how each
 * compares with the first side. That is the median, too, of what each repetition has shown, so that what else the machine does touches both sides.
 *
 * A table: `title`, `unit`, `repetitions`, `compare` ('ratio', or 'difference'), `sides`: for each name a function that gives, or promises, a number.
 */
export async function runTable({ program, index, table, url }) {
  const names = Object.keys(table.sides);
  const samples = new Map(names.map((name) => [name, []]));
  for (let repetition = 0; repetition < table.repetitions; repetition++) {
    for (let turn = 0; turn < names.length; turn++) {
      const name = names[(turn + repetition) % names.length];
      samples.get(name).push(await takeSample([program, String(index), name, url ?? '']));
    }
  }
  const first = samples.get(names[0]);
  const isDifference = table.compare === 'difference';
  const against = (values) => median(values.map((value, i) => (isDifference ? value - first[i] : value / first[i]))).toFixed(isDifference ? 1 : 2);
  return [
    `### ${table.title}`,
    '',
    `| | ${table.unit} | least–most | ${isDifference ? 'more than' : 'times'} the first |`,
    '|---|---|---|---|',
    ...names.map((name) => {
      const values = samples.get(name);
      return `| ${name} | ${show(median(values))} | ${show(Math.min(...values))}–${show(Math.max(...values))} | ${against(values)} |`;
    }),
  ];
}

/** One side, once, in a process of its own that has a minute. */
async function takeSample(args) {
  const child = fork(sample, args, { execArgv: ['--expose-gc'] });
  const timer = setTimeout(() => child.kill('SIGKILL'), 60_000);
  let value;
  child.on('message', (message) => (value = message.value));
  const [code, signal] = await once(child, 'exit');
  clearTimeout(timer);
  if (value === undefined || code !== 0) throw new Error(`${args.slice(0, 3).join(' ')} gave nothing: it ended with ${signal ?? code}`);
  return value;
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const show = (value) => (Math.abs(value) >= 1_000 ? Math.round(value).toLocaleString('en') : value.toFixed(1));
