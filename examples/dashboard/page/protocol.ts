/** A price with a sequence number, so that a client can name the last one it has received. */
export interface Quote {
  seq: number;
  symbol: string;
  price: number;
  /** Epoch milliseconds. */
  at: number;
}

/** What the server sends. */
export type Incoming = QuotesMessage | Pong;

export type QuotesMessage =
  | { op: 'quotes'; quotes: Quote[] }
  | {
      op: 'caughtUp';
      /** The feed that the sequence numbers belong to. */
      feed: string;
      quotes: Quote[];
      /** How many of the quotes the client had missed: 0 on a first connection. */
      missed: number;
      /** How many missed quotes are no longer kept; null if that is unknown because the feed is a new one. */
      lost: number | null;
    };

/** The answer to a ping, with the time from that ping. */
export interface Pong {
  op: 'pong';
  at: number;
}

/** What the page sends: where to resume, on each open; and pings. */
export type Outgoing = Watch | Ping;

export interface Watch {
  op: 'watch';
  since: { feed: string; seq: number } | null;
}

/** A page cannot send WebSocket pings, so the demo has its own. */
export interface Ping {
  op: 'ping';
  /** Milliseconds on the clock of the page; the server only returns it. */
  at: number;
}

/** A request of the page to its server, sent over HTTP so that it works while disconnected. */
export type Act =
  | { do: 'close'; code: number; reason: string }
  | { do: 'expire' }
  | { do: 'drop' }
  | { do: 'silent'; on: boolean }
  | { do: 'refuse'; on: boolean }
  | { do: 'restart' };

/** What the server did, as a sentence, and its present settings for this client. */
export interface ActAnswer {
  did: string;
  silent: boolean;
  refuse: boolean;
}
