/** What the page and the server of these tests say to each other. */
export type Message = { op: 'ping' } | { op: 'pong' } | { op: 'say'; text: string };

/** What a page is asked to begin. Ms. */
export interface Program {
  /** Whether it pings. */
  readonly heart?: { readonly every: number; readonly timeout: number };
  /** How long it waits before a retry. */
  readonly delay: number;
}

/** What the page offers to the test. */
export interface PageApi {
  begin(program: Program): void;
  say(text: string): void;
  close(): void;
  /** How often a timer of one second has run. */
  ticks(): number;
}
