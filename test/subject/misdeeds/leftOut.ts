interface Cell {
  readonly callback: RegExp;
  readonly misdeed: RegExp;
  readonly why: string;
}

/** What is not tried, and why. */
export const leftOut: readonly Cell[] = [
  { callback: /^(context\.signal|signal|when signal)$/, misdeed: /^throws/, why: 'an EventTarget throws what its listeners throw where nobody can catch it' },
  { callback: /^transport\.on$/, misdeed: /^is called while a message comes$/, why: 'it only registers a listener: no transport calls back from it' },
];

export const isLeftOut = (callback: string, misdeed: string): boolean =>
  leftOut.some((cell) => cell.callback.test(callback) && cell.misdeed.test(misdeed));
