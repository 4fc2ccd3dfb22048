import { notationOf } from './knownPolicy.js';

/**
 * Returns a policy as you would write it: `atMost(5, exponential({ max: 10_000 }))`. A custom function appears by its name.
 *
 * @param value - a policy, or anything that one was given
 *
 * @internal
 */
export function writePolicy(value: unknown): string {
  const [name, ...given] = notationOf(value) ?? [];
  if (name !== undefined) return given.length === 0 ? name : `${name}(${given.map(writePolicy).filter(Boolean).join(', ')})`;
  switch (typeof value) {
    case 'function':
      return nameOf(value);
    case 'number':
      return Number.isSafeInteger(value) ? String(value).replace(/\B(?=(?:\d{3})+$)/g, '_') : String(value);
    case 'object':
      return Array.isArray(value) ? `[${value.map(writePolicy).join(', ')}]` : writeOptions(value ?? {});
    default:
      return `'${String(value)}'`;
  }
}

/** Returns `''` for options of which none is set. */
function writeOptions(options: object): string {
  const set = Object.entries(options).filter(([, value]) => value != null);
  return set.length === 0 ? '' : `{ ${set.map(([name, value]) => `${name}: ${writePolicy(value)}`).join(', ')} }`;
}

/** A function without a name of its own is named after the key that holds it, and such a name may be no identifier. */
function nameOf(value: object): string {
  const name: unknown = Object.getOwnPropertyDescriptor(value, 'name')?.value;
  return typeof name === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name) ? name : '(…) => …';
}
