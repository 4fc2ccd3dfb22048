import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HandshakeRefusedError } from '../../src/close/HandshakeRefusedError.js';
import { retryHint } from '../../src/policy/retryHint.js';
import { deliveredEvent } from '../close/deliveredEvent.js';

const read = (reason: string) => retryHint({ reason });

describe('where the reason is text', () => {
  test.each([
    ['retry-after=30', 30_000],
    ['retry-after=0', 0],
    ['retry-after=1.5', 1_500],
    ['retry-after=0.0004', 0],
    ['spread=10..60', [10_000, 60_000]],
    ['spread=0..52.5', [0, 52_500]],
    ['spread=1.5..2.5', [1_500, 2_500]],
    ['spread=1.25..2.75', [1_250, 2_750]],
    ['deploy; spread=10..60', [10_000, 60_000]],
    ['deploy 42, retry-after=30; back soon', 30_000],
    ['spread=10..60;retry-after=30', [10_000, 60_000]],
    ['retry-after=30 spread=10..60', [10_000, 60_000]],
  ])('%o asks for %o ms', (reason, hint) => {
    expect(read(reason)).toStrictEqual(hint);
  });

  test.each([
    '', 'deploy', 'retry-after', 'retry-after=', 'retry-after=-5', 'retry-after=NaN', 'retry-after=1e3', 'retry-after=0x10', 'retry-after=5s',
    'retry-after= 5', 'retry-after=5.', 'retry-after=.5', 'retry-after=٣', 'xretry-after=5', 'Retry-After=5', 'Retry-After: 5', 'spread=10', 'spread=10-60',
    'spread=10...60', 'spread=..60', 'spread=10..', 'spread=-1..5', 'unspread=1..2', 'spread=1..2..3', 'spread=60..10',
  ])('%o asks for nothing', (reason) => {
    expect(read(reason)).toBeNull();
  });

  test('it reads every whole number of seconds', () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.integer({ min: 1, max: 1e9 }), (a, width) => {
        expect(read(`retry-after=${a}`)).toBe(a * 1_000);
        expect(read(`x; spread=${a}..${a + width}`)).toStrictEqual([a * 1_000, (a + width) * 1_000]);
      }),
    );
  });
});

describe('where the reason is a JSON object', () => {
  test.each([
    ['{"retryAfter":30}', 30_000],
    ['{"retryAfter":1.5,"why":"deploy"}', 1_500],
    ['{"spread":[10,60]}', [10_000, 60_000]],
    ['{"retryAfter":30,"spread":[10,60]}', [10_000, 60_000]],
    ['{"spread":10}', 10_000],
    ['{"retryAfter":[10,60]}', [10_000, 60_000]],
  ])('%s asks for %o ms', (reason, hint) => {
    expect(read(reason)).toStrictEqual(hint);
  });

  test.each([
    '{}', '{', '{"retryAfter":"30"}', '{"retryAfter":null}', '{"retryAfter":-1}', '{"spread":[60,10]}', '{"spread":[]}',
    '{"spread":["1","2"]}', '{"spread":{"0":1,"1":2,"length":2}}', '{"retry-after":30}', '{"why":"retry-after=30"}', '[30]', '30', 'null',
    '{"retryAfter":NaN}', '{"retryAfter":30} retry-after=30',
  ])('%s asks for nothing', (reason) => {
    expect(read(reason)).toBeNull();
  });
});

describe('of a refused handshake, the header Retry-After', () => {
  const ofRefusal = (status: number, retryAfter: number | null): unknown =>
    retryHint(deliveredEvent({ opened: false, httpStatus: status, cause: new HandshakeRefusedError(status, {}, '', retryAfter) }));

  test('asks for a random time, up to a fifth longer, so that clients with the same answer spread', () => {
    expect(ofRefusal(503, 30_000)).toEqual([30_000, 36_000]);
  });

  test('asks for a second at least, so that it makes no loop', () => {
    expect(ofRefusal(429, 0)).toEqual([1_000, 1_200]);
  });

  test('that is not there asks for nothing', () => {
    expect(ofRefusal(503, null)).toBeNull();
    expect(retryHint(deliveredEvent({ httpStatus: 503 }))).toBeNull();
  });

  test('is not read from an error of your code', () => {
    expect(retryHint(deliveredEvent({ cause: { retryAfter: 30_000 } }))).toBeNull();
  });
});

test('it never throws, and returns numbers or nothing for any text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (reason) => {
      const hint = read(reason);
      expect([hint ?? []].flat().every((one) => typeof one === 'number')).toBe(true);
    }),
  );
});
