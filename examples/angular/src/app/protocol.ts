/** What the server sends. */
export type Incoming = { readonly op: 'quote'; readonly symbol: string; readonly price: number } | { readonly op: 'pong' };

/** What the application sends. */
export type Outgoing = { readonly op: 'ping' };
