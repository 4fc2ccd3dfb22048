/** The least and the most that a retry waits, in milliseconds. */
export interface DelayBounds {
  /** Milliseconds, the least. */
  readonly min: number;
  /** Milliseconds, the most. */
  readonly max: number;
}

/** What a policy does about one close code, or about every code of a range. */
export interface PolicyEntry {
  /** The first code of the range. */
  readonly from: number;
  /** The last code of the range; `from` again for a single code. */
  readonly to: number;
  /** What the registry calls these codes, as `describeCloseCode` has it. */
  readonly name: string;
  /** Whether a program may send these codes, as `isSendableCloseCode` has it. */
  readonly isSendable: boolean;
  /**
   * What is done after the first end with such a code: `'stop'`, or `'retry'` as long as no limit is reached. `'depends'` where a function
   * of the program decides, which is not asked.
   */
  readonly decision: 'stop' | 'retry' | 'depends';
  /** For each of the first six retries how long it waits; fewer when there are no more, none when that is not known. */
  readonly delays: readonly DelayBounds[];
  /** What holds for every wait after those in `delays`; `null` when there are no more, or that is not known. */
  readonly laterDelays: DelayBounds | null;
  /** How many retries in a row there are at most; `null` when no limit is known. */
  readonly maxRetries: number | null;
  /** The milliseconds of `elapsed` from which on it stops, as with `within`; `null` when no limit is known. */
  readonly maxElapsed: number | null;
  /** The milliseconds that a hint of the server may ask for at most, in place of the delays, as with `serverHint`; `null` when none is known to count. */
  readonly maxHint: number | null;
  /** How the policy is written, `random` left out: `'atMost(5, exponential())'`. A function of the program is there by its name. */
  readonly policy: string;
  /** Who decides: the given table, the defaults, or a given function, which is asked alone. */
  readonly decidedBy: 'table' | 'defaults' | 'function';
  /** The key of the given table that decides, such as `'4000-4099'`; `null` when the table does not. */
  readonly key: string | null;
}

/** What a policy does about every close code. */
export interface PolicyExplanation {
  /** From code 0 to 65535, in order, every code in one entry. Code 0 means a clean end: an unclean one is looked up in a table as 1006. */
  readonly entries: readonly PolicyEntry[];
  /**
   * The entries as a table for a log or a terminal, in aligned columns.
   *
   * @param which - which entries to show; all of them by default
   */
  toString(which?: (entry: PolicyEntry) => boolean): string;
  /**
   * The entries as a table in Markdown.
   *
   * @param which - which entries to show; all of them by default
   */
  toMarkdown(which?: (entry: PolicyEntry) => boolean): string;
}
