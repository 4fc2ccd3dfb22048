import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../server/WireLine.js';
import { cut, delay, garbage, halfOpen, merge, split, type Place } from './faults.js';
import { talk } from './talk.js';
import { transports } from './transports.js';

/** Gives a fault the name that fast-check prints. */
const named = (name: string, fault: Fault): Fault => Object.assign(fault, { [fc.toStringMethod]: () => name });

const place = fc.oneof({ weight: 4, arbitrary: fc.nat(14) }, { weight: 1, arbitrary: fc.constantFrom<Place>('handshake', 'close') });
const anyFault: fc.Arbitrary<Fault>[] = [
  fc.nat(5).map((ms) => named(`delay(${ms})`, delay(ms))),
  fc.integer({ min: 1, max: 16 }).map((parts) => named(`split(${parts})`, split(parts))),
  fc.tuple(fc.integer({ min: 1, max: 4 }), fc.nat(10)).map(([first, ms]) => named(`merge(${first}, ${ms})`, merge(first, ms))),
  fc.tuple(place, fc.constantFrom('FIN', 'RST')).map(([at, how]) => named(`cut('${at}', '${how}')`, cut(at, how))),
  fc.tuple(place, fc.constantFrom('one', 'both')).map(([at, ways]) => named(`halfOpen('${at}', '${ways}')`, halfOpen(at, ways))),
];
const anyGarbage: fc.Arbitrary<Fault> = fc
  .tuple(place, fc.constantFrom('before', 'within'), fc.uint8Array({ minLength: 1, maxLength: 40 }))
  .map(([at, where, bytes]) => named(`garbage('${at}', '${where}', ${Buffer.from(bytes).toString('hex')})`, garbage(at, where, bytes)));
const anyTalk = fc.boolean().chain((deflates) => {
  // Invalid frames and compression together are what `ws` cannot do: see deflate.test.ts.
  const fault = fc.option(deflates ? fc.oneof(...anyFault) : fc.oneof(...anyFault, anyGarbage), { nil: undefined });
  const faults = fc.array(fc.record({ up: fault, down: fault }), { minLength: 1, maxLength: 4 });
  return fc.record({ deflates: fc.constant(deflates), endsEarly: fc.boolean(), faults });
});

// The seed is fixed, so that a check of a change does not fail for a fault of older commits.
const { WIRE_RUNS = '20', WIRE_SEED = '1' } = process.env;

describe.each(transports)('random faults on %s', (_name, WebSocketCtor) => {
  it.concurrent('lose nothing in silence', { timeout: 600_000 }, async () => {
    const property = fc.asyncProperty(anyTalk, async ({ deflates, endsEarly, faults }) => {
      const { violations } = await talk({ WebSocketCtor, deflates, faults, endedByClient: faults.length - Number(endsEarly), timeouts: { connect: 300, close: 300, silence: 300 } });
      expect(violations).toEqual([]);
    });
    await fc.assert(property, { numRuns: Number(WIRE_RUNS), seed: Number(WIRE_SEED) });
  });
});
