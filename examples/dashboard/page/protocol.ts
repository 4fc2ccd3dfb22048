/** One price, numbered, so that a client can say which was the last that it saw. */
export interface Quote {
  seq: number;
  symbol: string;
  price: number;
  /** epoch ms */
  at: number;
}

/** What the server sends. */
export type Incoming = QuotesMessage | Pong;

export type QuotesMessage =
  | { op: 'quotes'; quotes: Quote[] }
  | {
      op: 'caughtUp';
      /** which feed the numbers belong to */
      feed: string;
      quotes: Quote[];
      /** how many of them the client had missed: 0 on a first connection */
      missed: number;
      /** how many it missed that are no longer kept; null when that cannot be known, since the feed is a new one */
      lost: number | null;
    };

/** The answer to a ping, with what stood in it. */
export interface Pong {
  op: 'pong';
  at: number;
}

/** What the page sends: on each open, from where to go on; and, now and then, a ping. */
export type Outgoing = Watch | Ping;

export interface Watch {
  op: 'watch';
  since: { feed: string; seq: number } | null;
}

/** Pings of the protocol are out of a page's reach, so the demo has its own. */
export interface Ping {
  op: 'ping';
  /** ms on the page's own clock; means nothing to the server */
  at: number;
}

/** What the page can ask of the server, by HTTP, so that it works while disconnected too. */
export type Act =
  | { do: 'close'; code: number; reason: string }
  | { do: 'expire' }
  | { do: 'drop' }
  | { do: 'silent'; on: boolean }
  | { do: 'refuse'; on: boolean }
  | { do: 'restart' };

/** What the server did, in a sentence, and what it is set to do with this client now. */
export interface ActAnswer {
  did: string;
  silent: boolean;
  refuse: boolean;
}
