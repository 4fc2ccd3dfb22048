/** The shortest and the longest wait of a retry, in milliseconds. */
export interface DelayBounds {
  /** The shortest wait, in milliseconds. */
  readonly min: number;
  /** The longest wait, in milliseconds. */
  readonly max: number;
}

/** The decision of a policy for one close code, or for every code of a range. */
export interface PolicyEntry {
  /** The first code of the range. */
  readonly from: number;
  /** The last code of the range; `from` again for a single code. */
  readonly to: number;
  /** The registry's name for these codes, as `describeCloseCode` returns it. */
  readonly name: string;
  /** Whether your code may send these codes, as `isSendableCloseCode` returns it. */
  readonly isSendable: boolean;
  /**
   * The decision after the first close with such a code: `'stop'`, or `'retry'` as long as no limit is reached. `'depends'` if a custom function decides:
   * `explainPolicy` never calls it.
   */
  readonly decision: 'stop' | 'retry' | 'depends';
  /** The wait before each of the first six retries; fewer if the policy stops earlier, none if they are not known. */
  readonly delays: readonly DelayBounds[];
  /** The bounds of every wait after those in `delays`; `null` if the policy stops earlier, or if they are not known. */
  readonly laterDelays: DelayBounds | null;
  /** The most retries in a row; `null` when no limit is known. */
  readonly maxRetries: number | null;
  /** The `elapsed` from which on it stops, in milliseconds, as with `within`; `null` when no limit is known. */
  readonly maxElapsed: number | null;
  /** It stops when this many handshakes in a row were refused with 401, or with 403, if the transport shows the status; `null` when no limit is known. */
  readonly maxRefusals: number | null;
  /** The longest wait in milliseconds that a hint of the server may set instead of the delays, as with `serverHint`; `null` when hints are ignored. */
  readonly maxHint: number | null;
  /** How the policy is written, without `random`: `'atMost(5, exponential())'`. A custom function appears by its name. */
  readonly policy: string;
  /** Where the decision comes from: your table, the defaults, or your function. */
  readonly decidedBy: 'table' | 'defaults' | 'function';
  /** The key of your table that decides, such as `'4000-4099'`; `null` if none does. */
  readonly key: string | null;
}

/** The decisions of a policy for every close code. */
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
