interface Exclusion {
  readonly callback: RegExp;
  readonly fault: RegExp;
  readonly why: string;
}

/** Faults that are not injected, and why. */
export const exclusions: readonly Exclusion[] = [
  { callback: /^(context\.signal|signal|when signal)$/, fault: /^throws/, why: 'an EventTarget reports what its listeners throw as uncaught' },
  { callback: /^transport\.on$/, fault: /^is interrupted by a message$/, why: 'it only registers a listener: no transport calls back from it' },
];

export const isExcluded = (callback: string, fault: string): boolean =>
  exclusions.some((exclusion) => exclusion.callback.test(callback) && exclusion.fault.test(fault));
