import { expect, it } from 'vitest';
import { findViolation, printed } from './Program.js';

const { PROGRAMS: count = '300', SEED: seed = '1' } = process.env;

it(`in any program the laws hold: ${count} programs of seed ${seed}`, async () => {
  const found = await findViolation(Number(count), Number(seed));
  expect(found && printed(found)).toBeNull();
}, 1_000 * Number(count));
