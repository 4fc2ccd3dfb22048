import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CodeTable } from '../../src/policy/CodeTable.js';
import { readCodeTable } from '../../src/policy/readCodeTable.js';
import type { ReconnectPolicy } from '../../src/policy/ReconnectPolicy.js';

/** A table whose policies can be told apart. */
const tableOf = (...keys: string[]): CodeTable => Object.fromEntries(keys.map((key) => [key, policyOf(key)]));
const policies = new Map<string, ReconnectPolicy>();
function policyOf(key: string): ReconnectPolicy {
  const policy = policies.get(key) ?? (() => null);
  policies.set(key, policy);
  return policy;
}

/** The policies that a table has for codes. */
function policyFinder(table: CodeTable): (code: number) => ReconnectPolicy | undefined {
  const find = readCodeTable(table);
  return (code) => find(code)?.policy;
}

describe('the look-up', () => {
  test('knows the key that it found', () => {
    const find = readCodeTable(tableOf('4401', '4400-4499'));
    expect([4401, 4402, 4500].map((code) => find(code)?.key)).toStrictEqual(['4401', '4400-4499', undefined]);
  });

  test('finds an exact code, and nothing beside it', () => {
    const find = policyFinder({ 4401: policyOf('a'), '4402': policyOf('b') });
    expect(find(4401)).toBe(policyOf('a'));
    expect(find(4402)).toBe(policyOf('b'));
    expect(find(4400)).toBeUndefined();
    expect(find(4403)).toBeUndefined();
  });

  test('finds a range, both ends in it', () => {
    const find = policyFinder(tableOf('4000-4099'));
    expect([3999, 4000, 4050, 4099, 4100].map(find)).toStrictEqual([
      undefined,
      policyOf('4000-4099'),
      policyOf('4000-4099'),
      policyOf('4000-4099'),
      undefined,
    ]);
  });

  test('takes the exact code before any range, and the narrowest range before wider ones', () => {
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

  test('only own keys count', () => {
    expect(readCodeTable(Object.create({ 4401: policyOf('a') }))(4401)).toBeUndefined();
    expect(readCodeTable({})(1000)).toBeUndefined();
  });
});

/** A range as two codes, in either order. */
const twoCodes = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }));

test('any table either has ranges that cross, which it says, or finds the exact code, else the narrowest range', () => {
  fc.assert(
    fc.property(fc.array(twoCodes, { maxLength: 4 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 3 }), (ends, codes) => {
      const ranges = ends.map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b), key: `${Math.min(a, b)}-${Math.max(a, b)}` }));
      const table = tableOf(...ranges.map(({ key }) => key), ...codes.map(String));
      const crossing = ranges.some((a) => ranges.some((b) => a.from < b.from && b.from <= a.to && a.to < b.to));
      if (crossing) {
        expect(() => readCodeTable(table)).toThrow(/ cross/);
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

describe('what cannot be used is refused, and all of it is named', () => {
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
  ])('the key "%s" is neither a code nor a range', (key) => {
    expect(() => readCodeTable(tableOf(key))).toThrow(TypeError);
    expect(() => readCodeTable(tableOf(key))).toThrow(
      `${JSON.stringify(key)} is neither a close code (0 to 65535) nor a range of them (such as '4000-4099')`,
    );
  });

  test('a number as key that no code can be is refused too', () => {
    expect(() => readCodeTable({ [4401.5]: policyOf('a') })).toThrow('"4401.5" is neither');
    expect(() => readCodeTable({ [-1]: policyOf('a') })).toThrow('"-1" is neither');
    expect(() => readCodeTable({ [NaN]: policyOf('a') })).toThrow('"NaN" is neither');
  });

  test('a range is given from the lower to the higher code', () => {
    expect(() => readCodeTable(tableOf('4099-4000'))).toThrow('"4099-4000" is reversed');
  });

  test.each([undefined, null, 500, 'stop', {}] as unknown[])('a value that is no policy is refused: case %#', (value) => {
    expect(() => readCodeTable({ 4401: value as ReconnectPolicy })).toThrow('the policy for "4401" must be a function, not ');
  });

  test('ranges may nest, share an end or lie side by side, but not cross', () => {
    expect(() => readCodeTable(tableOf('4000-4099', '4000-4049', '4050-4099', '4060-4070', '4100-4199'))).not.toThrow();
    expect(() => readCodeTable(tableOf('4000-4099', '4050-4149'))).toThrow('"4000-4099" and "4050-4149" cross');
    expect(() => readCodeTable(tableOf('4099-4149', '4000-4099'))).toThrow('"4000-4099" and "4099-4149" cross');
  });

  test('one message names everything that is wrong', () => {
    const table = { ...tableOf('foo', '4099-4000', '4000-4099', '4050-4149', '4090-4200'), 4401: 5 as unknown as ReconnectPolicy };
    expect(() => readCodeTable(table)).toThrow(
      new TypeError(
        'the table of close codes cannot be used: ' +
          'the policy for "4401" must be a function, not 5; ' +
          '"foo" is neither a close code (0 to 65535) nor a range of them (such as \'4000-4099\'); ' +
          '"4099-4000" is reversed; ' +
          '"4000-4099" and "4050-4149" cross; "4000-4099" and "4090-4200" cross; "4050-4149" and "4090-4200" cross',
      ),
    );
  });

  test.each([null, 5, 'stop', () => null, [() => null], new Map([[4401, () => null]])] as unknown[])(
    'what is no table at all is refused, a policy included: case %#',
    (table) => {
      expect(() => readCodeTable(table as CodeTable)).toThrow(TypeError);
      expect(() => readCodeTable(table as CodeTable)).toThrow('the table of close codes must be an object such as { 4401: stop }, not ');
    },
  );
});
