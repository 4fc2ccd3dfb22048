/**
 * Returns a value as an error message shows it: short, on one line, and without calling anything of the value's own.
 *
 * @param value - anything
 *
 * @internal
 */
export function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'symbol' || Object(value) === value ? typeof value : String(value);
}
