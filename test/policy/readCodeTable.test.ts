import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodeTable } from '../../src/policy/CodeTable.js';
import { readCodeTable } from '../../src/policy/readCodeTable.js';
import type { ReconnectPolicy } from '../../src/policy/ReconnectPolicy.js';
import { errorNaming } from './errorNaming.js';

/** Makes a table with another policy for each key. */
const tableOf = (...keys: string[]): CodeTable => Object.fromEntries(keys.map((key) => [key, policyOf(key)]));
const policies = new Map<string, ReconnectPolicy>();
function policyOf(key: string): ReconnectPolicy {
  const policy = policies.get(key) ?? (() => null);
  policies.set(key, policy);
  return policy;
}

/** Returns a function that looks up the policy for a code. */
function policyFinder(table: CodeTable): (code: number) => ReconnectPolicy | undefined {
  const find = readCodeTable(table);
  return (code) => find(code)?.policy;
}

describe('the look-up', () => {
  test('returns the key that it found', () => {
    const find = readCodeTable(tableOf('4401', '4400-4499'));
    expect([4401, 4402, 4500].map((code) => find(code)?.key)).toStrictEqual(['4401', '4400-4499', undefined]);
  });

  test('finds an exact code, and nothing for the codes next to it', () => {
    const find = policyFinder({ 4401: policyOf('a'), '4402': policyOf('b') });
    expect(find(4401)).toBe(policyOf('a'));
    expect(find(4402)).toBe(policyOf('b'));
    expect(find(4400)).toBeUndefined();
    expect(find(4403)).toBeUndefined();
  });

  test('finds a range, both ends included', () => {
    const find = policyFinder(tableOf('4000-4099'));
    expect([3999, 4000, 4050, 4099, 4100].map(find)).toStrictEqual([
      undefined,
      policyOf('4000-4099'),
      policyOf('4000-4099'),
      policyOf('4000-4099'),
      undefined,
    ]);
  });

  test('prefers the exact code to any range, and a narrow range to a wide one', () => {
    const find = policyFinder(tableOf('0-65535', '4000-4999', '4400-4499', '4401', '4401-4401', '4410-4410'));
    const found = (code: number) => find(code);
    expect(found(4401)).toBe(policyOf('4401'));
    expect(found(4410)).toBe(policyOf('4410-4410'));
    expect(found(4400)).toBe(policyOf('4400-4499'));
    expect(found(4000)).toBe(policyOf('4000-4999'));
    expect(found(1006)).toBe(policyOf('0-65535'));
  });

  test('does not depend on the order of the keys', () => {
    const keys = ['4000-4999', '4000-4499', '4400-4499', '4499', '4500-4999'];
    fc.assert(
      fc.property(fc.shuffledSubarray(keys, { minLength: keys.length }), fc.integer({ min: 3999, max: 5000 }), (shuffled, code) => {
        expect(policyFinder(tableOf(...shuffled))(code)).toBe(policyFinder(tableOf(...keys))(code));
      }),
    );
  });

  test('changing the table later changes nothing', () => {
    const table: Record<string, ReconnectPolicy> = { 4401: policyOf('a') };
    const find = policyFinder(table);
    table['4401'] = policyOf('b');
    table['4402'] = policyOf('b');
    expect(find(4401)).toBe(policyOf('a'));
    expect(find(4402)).toBeUndefined();
  });

  test('ignores inherited keys', () => {
    expect(readCodeTable(Object.create({ 4401: policyOf('a') }))(4401)).toBeUndefined();
    expect(readCodeTable({})(1000)).toBeUndefined();
  });
});

/** Returns the keys that the error names, in order; the error must be a TypeError. */
function refusedKeys(table: CodeTable): string[] {
  try {
    readCodeTable(table);
  } catch (error) {
    expect(error).toEqual(errorNaming(TypeError, /table of close codes/));
    return [...(error as TypeError).message.matchAll(/"([^"]*)"/g)].map(([, key = '']) => key);
  }
  throw new Error('the table was accepted');
}

/** The two ends of a range, in either order. */
const twoCodes = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));

test('any table is either refused because ranges cross, or finds the exact code, else the narrowest range', () => {
  fc.assert(
    fc.property(fc.array(twoCodes, { maxLength: 4 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 3 }), (ends, codes) => {
      const ranges = ends.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b), key: `${Math.min(a, b)}-${Math.max(a, b)}` }));
      const table = tableOf(...ranges.map(({ key }) => key), ...codes.map(String));
      const crossing = ranges.some((a) => ranges.some((b) => a.from < b.from && b.from <= a.to && a.to < b.to));
      if (crossing) {
        expect(() => readCodeTable(table)).toThrow(TypeError);
        return;
      }
      const find = policyFinder(table);
      for (let code = 0; code <= 41; code++) {
        const holding = ranges.filter(({ from, to }) => from <= code && code <= to);
        const [narrowest] = holding.sort((a, b) => a.to - a.from - (b.to - b.from));
        const key = codes.includes(code) ? String(code) : narrowest?.key;
        expect(find(code)).toBe(key === undefined ? undefined : policyOf(key));
      }
    }),
  );
});

describe('a table that cannot be used throws a TypeError that names what is wrong', () => {
  test.each([
    'foo',
    '',
    '-',
    '-1',
    '4000-',
    '-4000',
    '4000-4099-4199',
    '4000 - 4099',
    '4000–4099',
    '04401',
    '4401.5',
    '4e3',
    '0x1130',
    ' 4401',
    '65536',
    '100000',
    '1-65536',
    'NaN',
    'Infinity',
    '4xxx',
  ])('the key "%s", which is neither a code nor a range', (key) => {
    expect(refusedKeys(tableOf(key))).toEqual([key]);
  });

  test('a number as a key that cannot be a code', () => {
    expect(refusedKeys({ [4401.5]: policyOf('a') })).toEqual(['4401.5']);
    expect(refusedKeys({ [-1]: policyOf('a') })).toEqual(['-1']);
    expect(refusedKeys({ [NaN]: policyOf('a') })).toEqual(['NaN']);
  });

  test('a range from the higher to the lower code', () => {
    expect(refusedKeys(tableOf('4099-4000'))).toEqual(['4099-4000']);
  });

  test.each([undefined, null, 500, {}] as unknown[])('a value that is not a policy: case %#', (value) => {
    expect(refusedKeys({ 4401: value as ReconnectPolicy })).toEqual(['4401']);
  });

  test('a string in place of a policy', () => {
    expect(refusedKeys({ 4401: 'stop' as unknown as ReconnectPolicy })).toContain('4401');
  });

  test('ranges that cross; they may nest, share an end or be adjacent', () => {
    expect(() => readCodeTable(tableOf('4000-4099', '4000-4049', '4050-4099', '4060-4070', '4100-4199'))).not.toThrow();
    expect(refusedKeys(tableOf('4000-4099', '4050-4149'))).toEqual(['4000-4099', '4050-4149']);
    expect(refusedKeys(tableOf('4099-4149', '4000-4099'))).toEqual(['4000-4099', '4099-4149']);
  });

  test.each([null, 5, 'stop', () => null, [() => null], new Map([[4401, () => null]])] as unknown[])(
    'a value that is not a table, such as a policy: case %#',
    (table) => {
      expect(() => readCodeTable(table as CodeTable)).toThrow(errorNaming(TypeError, /table of close codes/));
    },
  );
});
