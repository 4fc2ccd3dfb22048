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
import { anyChance, anyDelay } from './oddNumbers.js';

const random = anyChance.map((chance) => () => chance);
/** Often one of a size that makes the growth of a backoff show. */
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

/** One of this kind, or up to three wrappers around it. */
const wrapped = (kind: fc.Arbitrary<ReconnectPolicy>): fc.Arbitrary<ReconnectPolicy> =>
  fc
    .tuple(kind, fc.array(fc.tuple(fc.constantFrom('times', 'ms', 'hint'), fc.oneof(fc.nat(12), fc.nat(100_000))), { maxLength: 3 }))
    .map(([policy, wrappers]) => wrappers.reduce((inner, [limits, limit]) => around(limits, limit, inner), policy));

const around = (limits: string, limit: number, policy: ReconnectPolicy): ReconnectPolicy => {
  if (limits === 'hint') return serverHint(retryHint, policy, { max: limit });
  return (limits === 'times' ? atMost : within)(limit, policy);
};

/** Any policy of the library, wrapped or not. */
export const anyKnownPolicy = wrapped(simple);

/** Functions of a program, of which some break every rule. */
const own = fc.constantFrom<ReconnectPolicy>(
  () => 7,
  () => null,
  () => NaN,
  ({ closeEvent, attempt }) => (closeEvent.code % 2 === 0 ? attempt : null),
  () => {
    throw new Error('broken');
  },
);

/** Any policy at all. */
export const anyPolicy = fc.oneof(anyKnownPolicy, wrapped(own));

/** Any code, most of them near to where the registry or a table cuts. */
export const anyCode = fc.oneof(
  fc.integer({ min: 0, max: 65_535 }),
  fc.integer({ min: 998, max: 1_017 }),
  fc.integer({ min: 2_998, max: 3_010 }),
  fc.integer({ min: 3_990, max: 4_030 }),
  fc.constantFrom(0, 1, 4_999, 5_000, 65_534, 65_535),
);

/** A table that can be used: of ranges that cross, the first one stays. */
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
