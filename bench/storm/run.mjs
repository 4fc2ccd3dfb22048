// Reconnect storms in virtual time: `node bench/storm/run.mjs [--clients 100000] [--rate 2000] [--seed 1] [--only ours,alternatives,peers,alone,schedules,loads]`.
// `--write` also writes the tables of docs/storms.md, and docs/storms.svg. `--real` uses real connections instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));
const { values } = parseArgs({
  options: {
    clients: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string' },
    write: { type: 'boolean', default: false },
    real: { type: 'boolean', default: false },
  },
});

const integer = (name, given, byDefault) => {
  const value = given === undefined ? byDefault : Number(given);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--${name} must be an integer above 0, not ${given}`);
  return value;
};

if (values.real) {
  const { real } = await import('./real.mjs');
  const clients = integer('clients', values.clients, 2_000);
  await real({ clients, rate: integer('rate', values.rate, Math.ceil(clients / 5)) });
} else {
  const clients = integer('clients', values.clients, 100_000);
  const size = { clients, rate: integer('rate', values.rate, Math.ceil(clients / 50)), seed: integer('seed', values.seed, 1) };
  const { module } = await runnerImport('/bench/storm/report.ts', { root, configFile: false, logLevel: 'warn' });

  console.log(`${size.clients} clients, ${size.rate} a second, seed ${size.seed}; at best 99 % are back after ${((0.99 * size.clients) / size.rate).toFixed(1)} s`);
  const page = `${root}docs/storms.md`;
  let text = values.write ? readFileSync(page, 'utf8') : '';
  // A million clients of other libraries take many minutes to simulate, so `--only` must name them.
  const titles = values.only?.split(',') ?? Object.keys(module.parts).filter((name) => name !== 'peers' || clients <= 100_000);
  for (const name of titles) {
    const measure = module.parts[name];
    if (measure === undefined) throw new RangeError(`--only takes ${Object.keys(module.parts).join(', ')}; there is no '${name}'`);
    const started = performance.now();
    const { title, full, brief } = measure(size);
    console.log(`\n${title} (${((performance.now() - started) / 1_000).toFixed(1)} s)\n${full}`);
    text = text.replace(new RegExp(`(<!-- ${title} -->\n)[^]*?(<!-- end of ${title} -->)`), (_, before, after) => `${before}${brief}\n${after}`);
  }
  if (values.write) {
    writeFileSync(page, text);
    writeFileSync(`${root}docs/storms.svg`, module.chart({ clients: 10_000, rate: 200, seed: 1 }));
  }
}
