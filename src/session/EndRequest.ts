/** A request of your code to end a session, with a valid code and reason. */
export interface EndRequest {
  readonly code: number;
  readonly reason: string;
  /** Sends the outbox first (S13). */
  readonly drain?: boolean;
  /** Timeout in milliseconds for sending the outbox and for the server's answer together; `closeTimeout` when absent. */
  readonly timeout?: number | undefined;
  /** Delays Close, after the outbox was sent, while it is pending. When it no longer is, call `advanceShutdown()` of the session. */
  readonly hold?: { readonly isPending: boolean } | undefined;
  /** Errors the subscribers with this value after the close, in place of the close's own terminal (S2). */
  readonly error?: { readonly value: unknown };
}
