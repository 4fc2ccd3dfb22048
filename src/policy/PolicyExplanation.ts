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
  /** The registry's name for these codes, as `describeCloseCode` returns it. */
  readonly name: string;
  /** Whether your code may send these codes, as `isSendableCloseCode` returns it. */
  readonly isSendable: boolean;
  /**
   * What happens after the first end with such a code: `'stop'`, or `'retry'` as long as no limit is reached. `'depends'` where a custom function
   * decides: `explainPolicy` never calls it.
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
  /** It stops when 401, or 403, has refused this many handshakes in a row, where the transport shows it; `null` when no limit is known. */
  readonly maxRefusals: number | null;
  /** The longest wait in milliseconds that a hint of the server may set in place of the delays, as with `serverHint`; `null` when hints are ignored. */
  readonly maxHint: number | null;
  /** How the policy is written, without `random`: `'atMost(5, exponential())'`. A custom function appears by its name. */
  readonly policy: string;
  /** What decides: the given table, the defaults, or a given function alone. */
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
