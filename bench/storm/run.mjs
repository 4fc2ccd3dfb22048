// Storms in virtual time: `node bench/storm/run.mjs [--clients 100000] [--rate 2000] [--seed 1] [--only ours,alternatives,peers,alone,loads]`.
// With `--write` also the tables of docs/storms.md, and docs/storms.svg; with `--real` real connections instead.
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

const whole = (name, given, otherwise) => {
  const value = given === undefined ? otherwise : Number(given);
  if (!Number.isSafeInteger(value) || value < 1) throw new RangeError(`--${name} must be a whole number above 0, not ${given}`);
  return value;
};

if (values.real) {
  const { real } = await import('./real.mjs');
  const clients = whole('clients', values.clients, 2_000);
  await real({ clients, rate: whole('rate', values.rate, Math.ceil(clients / 5)) });
} else {
  const clients = whole('clients', values.clients, 100_000);
  const crowd = { clients, rate: whole('rate', values.rate, Math.ceil(clients / 50)), seed: whole('seed', values.seed, 1) };
  const { module } = await runnerImport('/bench/storm/report.ts', { root, configFile: false, logLevel: 'warn' });

  console.log(`${crowd.clients} clients, ${crowd.rate} a second, seed ${crowd.seed}; at best 99 % are back after ${((0.99 * crowd.clients) / crowd.rate).toFixed(1)} s`);
  const page = `${root}docs/storms.md`;
  let text = values.write ? readFileSync(page, 'utf8') : '';
  // A million of the peers' clients take many minutes: they are measured when asked for.
  const asked = values.only?.split(',') ?? Object.keys(module.parts).filter((name) => name !== 'peers' || clients <= 100_000);
  for (const name of asked) {
    const measure = module.parts[name];
    if (measure === undefined) throw new RangeError(`--only takes ${Object.keys(module.parts).join(', ')}; there is no '${name}'`);
    const started = performance.now();
    const { title, full, brief } = measure(crowd);
    console.log(`\n${title} (${((performance.now() - started) / 1_000).toFixed(1)} s)\n${full}`);
    text = text.replace(new RegExp(`(<!-- ${title} -->\n)[^]*?(<!-- end of ${title} -->)`), (_, before, after) => `${before}${brief}\n${after}`);
  }
  if (values.write) {
    writeFileSync(page, text);
    writeFileSync(`${root}docs/storms.svg`, module.chart({ clients: 10_000, rate: 200, seed: 1 }));
  }
}
