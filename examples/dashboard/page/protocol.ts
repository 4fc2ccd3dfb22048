/** What the server sends. Messages with a symbol belong to the row of that symbol. */
export type Incoming = Welcome | Quote | CaughtUp | Pong;

/** The answer to a login. A token that is not valid is answered with 4401 instead. */
export interface Welcome {
  op: 'welcome';
}

export interface Quote {
  op: 'quote';
  symbol: string;
  /** Counts the quotes of its symbol without a gap, so that a client can name the last one it has received. */
  seq: number;
  price: number;
}

/** The answer to `watch`: what came after `since`. */
export interface CaughtUp {
  op: 'caughtUp';
  symbol: string;
  /** The number of the last quote so far. */
  seq: number;
  quotes: Quote[];
  /** How many of the quotes the client had missed: 0 where it watches for the first time. */
  missed: number;
  /** How many missed quotes are no longer kept; null if that is unknown because the server was started anew. */
  lost: number | null;
}

/** The answer to a ping, with the time from that ping. */
export interface Pong {
  op: 'pong';
  at: number;
}

/** What the page sends: first its login, then which symbols it watches; and pings. */
export type Outgoing = Login | Watch | Unwatch | Ping;

export interface Login {
  op: 'login';
  token: string;
}

export interface Watch {
  op: 'watch';
  symbol: string;
  /** The number of the last quote that the client has received, or null. */
  since: number | null;
}

export interface Unwatch {
  op: 'unwatch';
  symbol: string;
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
