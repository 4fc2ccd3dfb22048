import { expectTypeOf, test } from 'vitest';
import { CloseCode } from '../../src/close/CloseCode.js';
import { after } from '../../src/policy/after.js';
import { atMost } from '../../src/policy/atMost.js';
import { between } from '../../src/policy/between.js';
import { codePolicy, type CodeTable } from '../../src/policy/codePolicy.js';
import { explainPolicy } from '../../src/policy/explainPolicy.js';
import { exponential } from '../../src/policy/exponential.js';
import type { PolicyEntry } from '../../src/policy/PolicyExplanation.js';
import type { ReconnectAttempt, ReconnectPolicy } from '../../src/policy/ReconnectPolicy.js';
import { retryHint } from '../../src/policy/retryHint.js';
import { sequence } from '../../src/policy/sequence.js';
import { serverHint, type ServerHint } from '../../src/policy/serverHint.js';
import { stop } from '../../src/policy/stop.js';
import { within } from '../../src/policy/within.js';

test('the keys of a table are codes and ranges', () => {
  codePolicy({ 4401: stop, '4402': stop, [CloseCode.ServiceRestart]: after(5), '4000-4099': after(5) });
  codePolicy({ 4401: ({ attempt }) => attempt * 100 });
  const range = '4000-4099' as const;
  codePolicy({ [range]: stop });
  expectTypeOf<{ 4401: ReconnectPolicy }>().toExtend<CodeTable>();
});

test('a table accepts no other keys, and only policies as values', () => {
  // @ts-expect-error neither a code nor a range
  codePolicy({ foo: stop });
  // @ts-expect-error the end of the range is missing
  codePolicy({ '4000-': stop });
  // @ts-expect-error milliseconds are not a policy
  codePolicy({ 4401: 500 });
  // @ts-expect-error milliseconds are not a policy for a range either
  codePolicy({ '4000-4099': 500 });
  // @ts-expect-error `after` makes a policy, but is none
  codePolicy({ 4401: after });
  // @ts-expect-error a policy returns a number or null
  codePolicy({ 4401: () => undefined });
  // @ts-expect-error a policy is not a table
  codePolicy(after(5));
});

test('every function that makes a policy returns a ReconnectPolicy', () => {
  expectTypeOf(stop).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(after(1)).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(between(1, 2)).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(exponential()).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(sequence([1, 2] as const)).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(atMost(5, exponential({ base: 5 }))).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(within(5, stop)).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(serverHint(retryHint, stop)).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf(codePolicy()).toEqualTypeOf<ReconnectPolicy>();
  expectTypeOf<ReturnType<ReconnectPolicy>>().toEqualTypeOf<number | null>();
});

test('a parser returns milliseconds, a window of milliseconds, or nothing', () => {
  serverHint(() => 5, stop);
  serverHint(() => [5, 10], stop, { max: 5 });
  serverHint(({ reason }) => (reason === 'busy' ? 5_000 : undefined), stop);
  serverHint(() => null, stop, {});
  expectTypeOf(retryHint).returns.toEqualTypeOf<ServerHint | null>();
});

test('wrong arguments do not compile', () => {
  // @ts-expect-error the other policy is missing
  atMost(5);
  // @ts-expect-error `exponential` makes a policy, but is none
  atMost(5, exponential);
  // @ts-expect-error a misspelt option
  exponential({ bases: 5 });
  // @ts-expect-error an unknown kind of jitter
  exponential({ jitter: 'half' });
  // @ts-expect-error the delays are numbers
  sequence(['5']);
  // @ts-expect-error a window has two ends
  serverHint(() => [5], stop);
  // @ts-expect-error a hint is not a string
  serverHint(({ reason }) => reason, stop);
  // @ts-expect-error the parser comes first
  serverHint(stop, retryHint);
  // @ts-expect-error the options are an object
  serverHint(retryHint, stop, 60_000);
});

test('a policy cannot change the attempt that it receives', () => {
  const changing: ReconnectPolicy = (attempt: ReconnectAttempt) => {
    // @ts-expect-error the attempt is read-only
    attempt.attempt = 0;
    return null;
  };
  expectTypeOf(changing).toBeFunction();
});

test('explainPolicy accepts what reconnectOnCode accepts', () => {
  explainPolicy();
  explainPolicy({ 4401: stop, '4000-4099': after(5) });
  explainPolicy(({ attempt }) => attempt * 100);
  // @ts-expect-error milliseconds are not a policy
  explainPolicy({ 4401: 500 });
  // @ts-expect-error `after` makes a policy, but is none
  explainPolicy(after);
  expectTypeOf(explainPolicy().entries).toEqualTypeOf<readonly PolicyEntry[]>();
  expectTypeOf(explainPolicy().toString()).toBeString();
});

test('an explanation is read-only', () => {
  const [entry] = explainPolicy().entries;
  // @ts-expect-error the entry is read-only
  if (entry) entry.decision = 'retry';
});
