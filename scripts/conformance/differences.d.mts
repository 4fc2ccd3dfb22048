/** A known difference of some platforms: see differences.mjs. */
export interface Difference {
  readonly name: string;
  readonly on: readonly string[];
  readonly cases: Readonly<Record<string, readonly string[]>>;
  readonly fails: RegExp;
  readonly reason: string;
}

export const differences: readonly Difference[];
export function belongs(difference: Difference, result: { readonly section: string; readonly name: string }): boolean;
