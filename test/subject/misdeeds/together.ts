import fc from 'fast-check';
import { callbacks, type Flavour } from './callbacks.js';
import { isLeftOut } from './leftOut.js';
import { ends, lives, steps, type Life } from './lives.js';
import { answering, doing, throwing, type Misdeed, type Plan } from './misdeeds.js';

/** One callback's misdeed, and when it is done. */
interface Deed {
  readonly callback: string;
  readonly what: string;
  readonly misdeed: Misdeed;
  readonly from: number;
  readonly times: number;
}

const deedOf = (callback: string): fc.Arbitrary<Deed> => {
  // An undefined cannot be traced to who has thrown it.
  const misdeeds = { ...throwing, ...(callbacks[callback]?.isAsked ? answering : {}), ...doing };
  const whats = Object.keys(misdeeds).filter((what) => what !== 'throws undefined' && !isLeftOut(callback, what));
  return fc.record({ what: fc.constantFrom(...whats), from: fc.integer({ min: 1, max: 3 }), times: fc.integer({ min: 1, max: 3 }) })
    .map((when) => ({ callback, misdeed: misdeeds[when.what] as Misdeed, ...when }));
};

const anyStep = fc.constantFrom(...(Object.keys(steps) as (keyof typeof steps)[]));
const anyEnd = fc.constantFrom(...(Object.keys(ends) as (keyof typeof ends)[]));

export interface Program {
  readonly deeds: readonly Deed[];
  readonly flavour: Flavour;
  readonly life: string | { readonly steps: readonly (keyof typeof steps)[]; readonly end: keyof typeof ends };
}

/** Some callbacks that misbehave, in a program of any kind, in any life. */
export const program: fc.Arbitrary<Program> = fc.record({
  deeds: fc.array(fc.constantFrom(...Object.keys(callbacks)).chain(deedOf), { minLength: 1, maxLength: 4 }),
  flavour: fc.record({
    answers: fc.constantFrom('value', 'promise', 'observable'),
    gives: fc.constantFrom('WebSocketCtor', 'transport'),
    terminates: fc.boolean(),
    policy: fc.constantFrom('function', 'table', 'wrapped', 'random', 'hinted'),
    when: fc.constantFrom('signal', 'promise', 'observable'),
    onInvalid: fc.constantFrom('error', 'drop', 'code'),
    hasSchema: fc.boolean(),
    pings: fc.constantFrom('never', 'by messages', 'by the protocol'),
    byHand: fc.boolean(),
    isHeard: fc.constant(true),
    isForeign: fc.boolean(),
    reads: fc.constantFrom('by subscribing', 'in every way'),
  }),
  life: fc.oneof(fc.constantFrom(...Object.keys(lives)), fc.record({ steps: fc.array(anyStep, { minLength: 5, maxLength: 30 }), end: anyEnd })),
});

export const planOf = (deeds: readonly Deed[]): Plan => (callback, count) =>
  deeds.find((deed) => deed.callback === callback && count >= deed.from && count < deed.from + deed.times)?.misdeed;

export const lifeOf = (life: Program['life']): Life =>
  typeof life === 'string' ? (lives[life] as Life) : { steps: life.steps.map((name) => steps[name]), end: ends[life.end] };
