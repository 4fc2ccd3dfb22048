/** Messages between the page and the server of these tests. */
export type Message = { op: 'ping' } | { op: 'pong' } | { op: 'text'; text: string };

/** Options of the subject in the page. Times are in milliseconds. */
export interface SubjectOptions {
  readonly heartbeat?: { readonly every: number; readonly timeout: number };
  /** The wait before a retry. */
  readonly delay: number;
  /** Whether `pageWake()` takes the place of the default signals of `reconnectOnCode`. */
  readonly pageWake?: boolean;
  /** Whether the subject has `suspendWhile(pageCached())`. */
  readonly pageCached?: boolean;
}

/** Functions of the page that the test calls. */
export interface PageApi {
  start(options: SubjectOptions): void;
  send(text: string): void;
  close(): void;
  /** How often a timer of one second has fired. */
  ticks(): number;
}
