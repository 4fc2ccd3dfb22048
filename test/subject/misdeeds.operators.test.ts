import { expect, it } from 'vitest';
import { byKind } from './misdeeds/callbacks.js';
import { misbehave } from './misdeeds/matrix.js';

it.each(Object.keys(byKind.operators))('S16: %s does its worst, and the subject keeps its laws and goes on', async (name) => {
  expect.hasAssertions();
  await misbehave(name);
}, 60_000);
