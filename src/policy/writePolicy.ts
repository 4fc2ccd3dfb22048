import { factsOf } from './knownPolicy.js';

/**
 * Returns a policy as you would write it: `atMost(5, exponential({ max: 10_000 }))`. A custom function appears by its name.
 *
 * @param value - a policy, or anything that one was given
 *
 * @internal
 */
export function writePolicy(value: unknown): string {
  const facts = factsOf(value);
  if (facts?.name === '') return writePolicy(facts.given?.[1]);
  if (facts) return facts.given ? `${facts.name}(${facts.given.map(writePolicy).filter(Boolean).join(', ')})` : facts.name;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value).replace(/\B(?=(?:\d{3})+$)/g, '_') : String(value);
  if (typeof value === 'string') return `'${value}'`;
  // A function without a name of its own is named after the key that holds it, and such a name may be no identifier.
  if (typeof value === 'function') return /^[a-z_$][\w$]*$/i.test(value.name) ? value.name : '(…) => …';
  if (Array.isArray(value)) return `[${value.map(writePolicy).join(', ')}]`;
  // `random` is not shown.
  const options = Object.entries(value as object).filter(([, option]) => option !== undefined && typeof option !== 'function');
  return options.length === 0 ? '' : `{ ${options.map(([key, option]) => `${key}: ${writePolicy(option)}`).join(', ')} }`;
}
