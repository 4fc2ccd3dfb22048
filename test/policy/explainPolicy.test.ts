import { compileFunction } from 'node:vm';
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import {
  CloseCode, after, atMost, between, describeCloseCode, explainPolicy, exponential, isSendableCloseCode, retryHint, sequence, serverHint, stop, within,
} from '../../src/index.js';
import type { CodeTable, PolicyEntry, ReconnectPolicy } from '../../src/index.js';
import { codePolicy } from '../../src/policy/codePolicy.js';
import { anyCode, anyKnownPolicy, anyPolicy, anyTable } from './anyPolicy.js';
import { errorNaming } from './errorNaming.js';
import { retry } from './retry.js';

const entryOf = (entries: readonly PolicyEntry[], code: number): PolicyEntry => {
  const matching = entries.filter(({ from, to }) => from <= code && code <= to);
  if (matching.length !== 1) throw new Error(`${matching.length} entries contain ${code}`);
  return matching[0]!;
};
const rangesOf = (entries: readonly PolicyEntry[]): [number, number][] => entries.map(({ from, to }) => [from, to]);

/** Compares an entry with one decision of the policy. */
function expectAgreement(entry: PolicyEntry, attempt: number, elapsed: number, decide: () => number | null): void {
  const { decision, delays, laterDelays, maxRetries, maxElapsed } = entry;
  if (decision === 'stop' || attempt > (maxRetries ?? Infinity) || elapsed >= (maxElapsed ?? Infinity)) {
    expect(decide()).toBeNull();
  } else if (decision === 'retry') {
    const bounds = delays[attempt - 1] ?? laterDelays;
    const delay = decide();
    expect(delay).toBeGreaterThanOrEqual(bounds!.min);
    expect(delay).toBeLessThanOrEqual(bounds!.max);
  } else {
    expect([delays, laterDelays]).toStrictEqual([[], null]);
  }
}

const anyRetry = fc.tuple(fc.oneof(fc.integer({ min: 1, max: 15 }), fc.integer({ min: 1, max: 1e6 })), fc.oneof(fc.nat(100_000), fc.double({ min: 0, max: 1e9, noNaN: true })));

describe('an explanation agrees with the policy', () => {
  test('for every code, by default', () => {
    const policy = codePolicy();
    let codes = 0;
    for (const { from, to, decision, delays } of explainPolicy().entries) {
      for (let code = from; code <= to; code++, codes++) {
        const delay = policy(retry(1, { code, wasClean: true }));
        const agrees = delay === null ? decision === 'stop' : decision === 'retry' && delay >= delays[0]!.min && delay <= delays[0]!.max;
        if (!agrees) throw new Error(`${code}: explained as ${decision}, but the policy returned ${String(delay)}`);
      }
    }
    expect(codes).toBe(65_536);
  });

  test('for any table', () => {
    fc.assert(
      fc.property(anyTable, fc.array(anyCode, { maxLength: 10 }), anyRetry, (table, more, [attempt, elapsed]) => {
        const { entries } = explainPolicy(table);
        const policy = codePolicy(table);
        for (const code of [...more, ...entries.flatMap(({ from, to }) => [from, to])]) {
          expectAgreement(entryOf(entries, code), attempt, elapsed, () => policy(retry(attempt, { code, wasClean: true }, { elapsed })));
        }
      }),
    );
  });

  test('for any function in place of a table', () => {
    fc.assert(
      fc.property(anyPolicy, anyCode, anyRetry, (policy, code, [attempt, elapsed]) => {
        const entry = entryOf(explainPolicy(policy).entries, code);
        expect(entry).toMatchObject({ decidedBy: 'function', key: null });
        expectAgreement(entry, attempt, elapsed, () => policy(retry(attempt, { code }, { elapsed })));
      }),
    );
  });

  test('the notation of a policy, evaluated, makes the same policy', () => {
    const names = { after, atMost, between, exponential, retryHint, sequence, serverHint, stop, within };
    fc.assert(
      fc.property(anyKnownPolicy, (policy) => {
        const [entry] = explainPolicy(policy).entries;
        const [again] = explainPolicy(compileFunction(`return ${entry!.policy}`, Object.keys(names))(...Object.values(names)) as ReconnectPolicy).entries;
        expect(again).toStrictEqual(entry);
      }),
    );
  });
});

describe('the entries', () => {
  const registry: [number, number][] = [
    [0, 999], ...Array.from({ length: 16 }, (_, index): [number, number] => [1_000 + index, 1_000 + index]), [1_016, 2_999],
    [3_000, 3_000], [3_001, 3_002], [3_003, 3_003], [3_004, 3_007], [3_008, 3_008], [3_009, 3_999], [4_000, 4_999], [5_000, 65_535],
  ]; // prettier-ignore

  test('are one for each code of the registry, and the ranges between them', () => {
    expect(rangesOf(explainPolicy().entries)).toStrictEqual(registry);
    expect(rangesOf(explainPolicy(after(5)).entries)).toStrictEqual(registry);
  });

  test('contain each code once, in order, split where a key of the table begins or ends', () => {
    fc.assert(
      fc.property(anyTable, (table) => {
        const { entries } = explainPolicy(table);
        expect(entries.map(({ from }) => from)).toStrictEqual([0, ...entries.slice(0, -1).map(({ to }) => to + 1)]);
        expect(entries.at(-1)?.to).toBe(65_535);
        const keys = Object.keys(table);
        for (const { from, to, key, decidedBy } of entries) {
          const [first, last = first] = (key ?? '0-65535').split('-').map(Number) as [number, number?];
          expect(first <= from && to <= last).toBe(true);
          expect(key === null).toBe(decidedBy === 'defaults');
          if (key !== null) expect(keys).toContain(key);
        }
      }),
    );
  });

  test('have one name and one `isSendable` that hold for all their codes', () => {
    for (const { from, to, name, isSendable } of explainPolicy({ '2000-4500': stop }).entries) {
      for (let code = from; code <= to; code++) {
        if (describeCloseCode(code) !== name || isSendableCloseCode(code) !== isSendable) throw new Error(`${code} differs from ${from}`);
      }
    }
    expect(Object.values(CloseCode).map((code) => entryOf(explainPolicy().entries, code).to)).toStrictEqual(Object.values(CloseCode));
  });

  test('name the key that decides: the exact code, else the narrowest range, else the defaults', () => {
    const { entries } = explainPolicy({ '4000-4999': after(1), '4400-4499': after(2), 4401: stop, 1006: stop });
    const decisions = [1006, 1011, 4000, 4399, 4400, 4401, 4402, 4999, 5000].map((code) => {
      const { from, to, key, decidedBy, policy } = entryOf(entries, code);
      return [from, to, decidedBy, key, policy];
    });
    expect(decisions).toStrictEqual([
      [1006, 1006, 'table', '1006', 'stop'],
      [1011, 1011, 'defaults', null, 'atMost(5, exponential())'],
      [4000, 4399, 'table', '4000-4999', 'after(1)'],
      [4000, 4399, 'table', '4000-4999', 'after(1)'],
      [4400, 4400, 'table', '4400-4499', 'after(2)'],
      [4401, 4401, 'table', '4401', 'stop'],
      [4402, 4499, 'table', '4400-4499', 'after(2)'],
      [4500, 4999, 'table', '4000-4999', 'after(1)'],
      [5000, 65_535, 'defaults', null, 'stop'],
    ]);
  });

  test('have the bounds of the first six delays and of all later ones', () => {
    expect(entryOf(explainPolicy().entries, 1006)).toStrictEqual({
      from: 1006, to: 1006, name: 'Abnormal Closure', isSendable: false, decision: 'retry',
      delays: [1_000, 4_300, 13_116, 40_000, 40_000, 40_000].map((max) => ({ min: 0, max })), laterDelays: { min: 0, max: 40_000 },
      maxRetries: null, maxElapsed: null, maxHint: 600_000, maxRefusals: 3, policy: 'serverHint(retryHint, exponential())', decidedBy: 'defaults', key: null,
    });
    const [entry] = explainPolicy(within(60_000, atMost(8, exponential({ base: 100, factor: 2, first: 9_000, jitter: 'equal' })))).entries;
    expect(entry).toMatchObject({
      delays: [[4_500, 9_000], [100, 200], [200, 400], [400, 800], [800, 1_600], [1_600, 3_200]].map(([min, max]) => ({ min, max })),
      laterDelays: { min: 3_200, max: 12_800 }, maxRetries: 8, maxElapsed: 60_000,
    });
    expect(explainPolicy(sequence([1, 2, 3])).entries[0]).toMatchObject({ delays: [1, 2, 3].map((ms) => ({ min: ms, max: ms })), laterDelays: null, maxRetries: 3 });
  });

  test('have the longest hint of the server that counts; by default it counts after four codes', () => {
    const hinted = explainPolicy().entries.filter(({ maxHint }) => maxHint !== null);
    expect(hinted.map(({ from, to, maxHint }) => [from, to, maxHint])).toStrictEqual([1001, 1006, 1012, 1013].map((code) => [code, code, 600_000]));
    const wrapped = within(60_000, serverHint(() => 5, atMost(2, serverHint(retryHint, after(500), { max: 900 })), { max: 300 }));
    expect(explainPolicy(wrapped).entries[0]).toMatchObject({ maxHint: 900, maxRetries: 2, maxElapsed: 60_000, delays: [{ min: 500, max: 500 }, { min: 500, max: 500 }] });
  });

  test('have how many refused handshakes in a row stop; only the default for 1006 has such a limit', () => {
    const limited = explainPolicy().entries.filter(({ maxRefusals }) => maxRefusals !== null);
    expect(limited.map(({ from, maxRefusals }) => [from, maxRefusals])).toStrictEqual([[1006, 3]]);
    expect(entryOf(explainPolicy({ 1006: after(5) }).entries, 1006)).toMatchObject({ maxRefusals: null, policy: 'after(5)' });
    expect(explainPolicy().toString(({ from }) => from === 1006)).toContain('; until HTTP 401 or 403 comes 3 times in a row  serverHint(');
  });

  test('of a policy that stops at once have no delays', () => {
    for (const policy of [stop, atMost(0, after(5)), within(0, after(5)), atMost(3, stop), within(5, atMost(0, () => 5))]) {
      expect(explainPolicy(policy).entries[0]).toMatchObject({ decision: 'stop', delays: [], laterDelays: null, maxRetries: 0 });
    }
  });
});

describe('a custom function', () => {
  test('is never called, so it may throw', () => {
    const custom = vi.fn<ReconnectPolicy>(() => {
      throw new Error('broken');
    });
    const entries = [...explainPolicy(custom).entries, entryOf(explainPolicy({ 4401: custom }).entries, 4401)];
    expect(entries.every(({ decision, maxRetries }) => decision === 'depends' && maxRetries === null)).toBe(true);
    expect(custom).not.toHaveBeenCalled();
  });

  test('appears by its name, also inside a wrapper, whose limits are known', () => {
    const patient: ReconnectPolicy = ({ attempt }) => attempt * 10_000;
    const { entries } = explainPolicy({ 4001: patient, 4002: atMost(3, within(60_000, patient)), 4003: ({ attempt }) => attempt, 4004: patient.bind(null) });
    expect([4001, 4002, 4003, 4004].map((code) => entryOf(entries, code).policy)).toStrictEqual([
      'patient', 'atMost(3, within(60_000, patient))', '(…) => …', '(…) => …',
    ]);
    expect(entryOf(entries, 4002)).toMatchObject({ decision: 'depends', delays: [], maxRetries: 3, maxElapsed: 60_000 });
  });

  test('appears neither as a source of random numbers nor as an option that is undefined', () => {
    const { entries } = explainPolicy(exponential({ base: 100, factor: undefined as never, max: 1_500_000, jitter: 'none', random: () => 0 }));
    expect(entries[0]?.policy).toBe("exponential({ base: 100, max: 1_500_000, jitter: 'none' })");
  });

  test('that calls a policy of the library is not recognised as that policy', () => {
    const { entries } = explainPolicy((attempt) => exponential()(attempt));
    expect(entries[0]).toMatchObject({ decision: 'depends', delays: [], policy: '(…) => …' });
  });
});

describe('the table as text', () => {
  test('shows the defaults, and a blank line before the note', () => {
    const lines = explainPolicy().toString(({ from }) => from === 0 || from === 1005).split('\n');
    expect(lines.map((line) => line.split(/ {2,}/).filter((_, column) => column !== 1 && column !== 3))).toStrictEqual([
      ['code', 'decision', 'decided by', 'may be sent'], ['0-999', 'stop', 'defaults', 'no'], ['1005', 'retry after 0–5 s', 'defaults', 'no'], [''],
      ['An unclean end with code 0 is looked up as 1006.'],
    ]);
    expect(explainPolicy(after(5)).toMarkdown().split('\n')).toHaveLength(2 + explainPolicy(after(5)).entries.length);
  });


  const table: CodeTable = { 1000: ({ attempt }) => attempt, '4000-4099': atMost(3, after(500)), 4001: within(60_000, sequence([0, 1, 1_500, 1_500])) };
  const fromTable = ({ decidedBy }: PolicyEntry): boolean => decidedBy === 'table';

  test('has aligned columns', () => {
    expect(explainPolicy(table).toString(fromTable).split('\n')).toStrictEqual([
      'code       meaning         decision                                                          policy                                          decided by        may be sent',
      '1000       Normal Closure  a function decides                                                (…) => …                                        table: 1000       yes',
      '4000       private use     retry after 500 ms; at most 3 times                               atMost(3, after(500))                           table: 4000-4099  yes',
      '4001       private use     retry after 0 ms, 1 ms, then 1.5 s; at most 4 times; within 60 s  within(60_000, sequence([0, 1, 1_500, 1_500]))  table: 4001       yes',
      '4002-4099  private use     retry after 500 ms; at most 3 times                               atMost(3, after(500))                           table: 4000-4099  yes',
    ]);
  });

  test('can be Markdown', () => {
    expect(explainPolicy(table).toMarkdown(({ from }) => from === 4000).split('\n')).toStrictEqual([
      '| code | meaning | decision | policy | decided by | may be sent |',
      '| --- | --- | --- | --- | --- | --- |',
      '| 4000 | private use | retry after 500 ms; at most 3 times | `atMost(3, after(500))` | table: 4000-4099 | yes |',
    ]);
  });

  test('has a line for every entry, and a note about unclean closes with code 0', () => {
    const text = String(explainPolicy());
    expect(text.split('\n')).toHaveLength(1 + explainPolicy().entries.length + 2);
    expect(text.split('\n').at(-1)).toBe('An unclean end with code 0 is looked up as 1006.');
    expect(String(explainPolicy(stop))).not.toContain('looked up');
  });

  test.each([
    [between(0, 5_000), 'retry after 0–5 s'],
    [between(200, 800), 'retry after 200–800 ms'],
    [between(200, 5_000), 'retry after 0.2–5 s'],
    [atMost(1, after(0)), 'retry after 0 ms; once'],
    [atMost(6, exponential({ base: 1_000, factor: 2, max: 600_000, jitter: 'none' })), 'retry after 1 s, 2 s, 4 s, 8 s, 16 s, then 32 s; at most 6 times'],
    [exponential(), 'retry after 0–1 s, 0–4.3 s, 0–13.116 s, then 0–40 s'],
    [atMost(5, exponential()), 'retry after 0–1 s, 0–4.3 s, 0–13.116 s, then 0–40 s; at most 5 times'],
    [exponential({ factor: 2 }), 'retry after 0–1 s, 0–2.82 s, 0–5.64 s, 0–11.28 s, 0–22.56 s, then 0–40 s'],
    [exponential({ factor: 10, max: 9_000 }), 'retry after 0–1 s, then 0–9 s'],
    [exponential({ base: 1_000, factor: 2, max: 600_000, jitter: 'none' }), 'retry after 1 s, 2 s, 4 s, 8 s, 16 s, 32 s, then 64–600 s'],
    [serverHint(retryHint, between(0, 5_000)), 'retry after 0–5 s; or when the server asks, up to 600 s'],
    [atMost(2, serverHint(() => 5, after(500), { max: 900 })), 'retry after 500 ms; or when the server asks, up to 900 ms; at most 2 times'],
    [serverHint(retryHint, () => 5), 'a function decides; or when the server asks, up to 600 s'],
    [serverHint(retryHint, stop), 'stop'],
    [sequence([5, 1, 1, 1, 1, 1, 1, 5]), 'retry after 5 ms, 1 ms, 1 ms, 1 ms, 1 ms, 1 ms, then 1–5 ms; at most 8 times'],
  ])('shows delays in short: case %#', (policy, decision) => {
    expect(explainPolicy(policy).toMarkdown(({ from }) => from === 1000)).toContain(`| ${decision} |`);
  });
});

describe('the argument', () => {
  test('can be missing, which means the same as an empty table', () => {
    expect(explainPolicy().entries).toStrictEqual(explainPolicy({}).entries);
    expect(explainPolicy(undefined).entries).toStrictEqual(explainPolicy().entries);
  });

  test('throws a TypeError where it cannot be used', () => {
    expect(() => explainPolicy({ '4000-4099': stop, '4050-4149': stop })).toThrow(errorNaming(TypeError, /"4000-4099".*"4050-4149"/));
    expect(() => explainPolicy(null as unknown as CodeTable)).toThrow(errorNaming(TypeError, /table of close codes/));
    expect(() => explainPolicy(5 as unknown as CodeTable)).toThrow(errorNaming(TypeError, /table of close codes/));
  });
});

test('JSON keeps an explanation as data', () => {
  const { entries } = explainPolicy({ 4401: () => null });
  expect(JSON.parse(JSON.stringify(explainPolicy({ 4401: () => null })))).toStrictEqual({ entries });
});
