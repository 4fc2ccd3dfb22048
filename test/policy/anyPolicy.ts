import fc from 'fast-check';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { between } from '../../src/policy/between.js';
import type { CodeTable } from '../../src/policy/CodeTable.js';
import { exponential } from '../../src/policy/exponential.js';
import type { ReconnectPolicy } from '../../src/policy/ReconnectPolicy.js';
import { retryHint } from '../../src/policy/retryHint.js';
import { sequence } from '../../src/policy/sequence.js';
import { serverHint } from '../../src/policy/serverHint.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';
import { anyDelay, anyRandom } from './anyNumber.js';

const random = anyRandom.map((value) => () => value);
/** Any delay, often one that is short enough for a backoff to grow. */
const anyTime = fc.oneof(anyDelay, fc.nat(100_000), fc.nat(1_000));
const options = fc.record(
  {
    first: anyTime,
    base: anyTime,
    max: anyTime,
    factor: fc.oneof(fc.constantFrom(1, 1.01, 2), fc.double({ min: 1, max: 1e300, noNaN: true })),
    jitter: fc.constantFrom('full' as const, 'equal' as const, 'none' as const),
    random,
  },
  { requiredKeys: [] },
);

const simple = fc.oneof(
  fc.constant(stop),
  anyTime.map(after),
  fc.tuple(anyTime, anyTime, random).map(([a, b, source]) => between(Math.min(a, b), Math.max(a, b), { random: source })),
  options.map((given) => exponential(given)),
  fc.array(anyTime, { minLength: 1, maxLength: 12 }).map(sequence),
);

/** A policy of this kind with up to three wrappers around it. */
const wrapped = (kind: fc.Arbitrary<ReconnectPolicy>): fc.Arbitrary<ReconnectPolicy> =>
  fc
    .tuple(kind, fc.array(fc.tuple(fc.constantFrom('atMost', 'within', 'serverHint'), fc.oneof(fc.nat(12), fc.nat(100_000))), { maxLength: 3 }))
    .map(([policy, wrappers]) => wrappers.reduce((inner, [wrapper, limit]) => wrap(wrapper, limit, inner), policy));

const wrap = (wrapper: string, limit: number, policy: ReconnectPolicy): ReconnectPolicy => {
  if (wrapper === 'serverHint') return serverHint(retryHint, policy, { max: limit });
  return (wrapper === 'atMost' ? atMost : within)(limit, policy);
};

/** Any policy of the library, with or without wrappers. */
export const anyKnownPolicy = wrapped(simple);

/** Custom functions, some of which break every rule of a policy. */
const custom = fc.constantFrom<ReconnectPolicy>(
  () => 7,
  () => null,
  () => NaN,
  ({ closeEvent, attempt }) => (closeEvent.code % 2 === 0 ? attempt : null),
  () => {
    throw new Error('broken');
  },
);

/** Any policy of the library or custom function. */
export const anyPolicy = fc.oneof(anyKnownPolicy, wrapped(custom));

/** Any code, mostly one near the ends of a range of the registry or of a table. */
export const anyCode = fc.oneof(
  fc.integer({ min: 0, max: 65_535 }),
  fc.integer({ min: 998, max: 1_017 }),
  fc.integer({ min: 2_998, max: 3_010 }),
  fc.integer({ min: 3_990, max: 4_030 }),
  fc.constantFrom(0, 1, 4_999, 5_000, 65_534, 65_535),
);

/** Any valid table: of two ranges that cross, it keeps the first. */
export const anyTable: fc.Arbitrary<CodeTable> = fc
  .tuple(fc.array(fc.tuple(anyCode, anyCode, anyPolicy), { maxLength: 8 }), fc.array(fc.tuple(anyCode, anyPolicy), { maxLength: 8 }))
  .map(([ranges, codes]) => {
    const kept: { from: number; to: number; policy: ReconnectPolicy }[] = [];
    for (const [a, b, policy] of ranges) {
      const [from, to] = [Math.min(a, b), Math.max(a, b)];
      const crosses = (other: { from: number; to: number }): boolean =>
        (from < other.from && other.from <= to && to < other.to) || (other.from < from && from <= other.to && other.to < to);
      if (!kept.some(crosses)) kept.push({ from, to, policy });
    }
    return Object.fromEntries([...kept.map(({ from, to, policy }) => [`${from}-${to}`, policy] as const), ...codes.map(([code, policy]) => [code, policy] as const)]);
  });
