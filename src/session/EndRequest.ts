/** How your code asks a session to end; code and reason are valid by then. */
export interface EndRequest {
  readonly code: number;
  readonly reason: string;
  /** Sends the outbox first (S13). */
  readonly drain?: boolean;
  /** Timeout in milliseconds for draining and for the server's answer together; `closeTimeout` when absent. */
  readonly timeout?: number | undefined;
  /** Holds Close back, after the drain, while it is pending; then call `advanceShutdown()` of the session. */
  readonly hold?: { readonly isPending: boolean } | undefined;
  /** What subscribers get, after the close, in place of the terminal that the close itself would give (S2). */
  readonly error?: { readonly value: unknown };
}
