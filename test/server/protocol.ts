/** What a test and the wire server say to each other. Types only: a page imports them too. */

/** How the server answers an opening handshake. */
export type Handshake =
  | 'accept' // 101, with the first subprotocol the client offered
  | 'hold' // no answer until the test gives one
  | 'drop' // the TCP connection ends without an answer
  | 'garbage' // bytes that are no HTTP
  | 'bad-accept' // 101 with a wrong Sec-WebSocket-Accept
  | 'unasked-extension' // 101 with an extension that was not offered
  | { status: number; headers?: readonly string[]; body?: string } // any other HTTP answer
  | { protocol: string | null }; // 101 with this subprotocol, or with none, whatever was offered

/** How the server answers a Close frame that the client sent first. */
export type CloseAnswer =
  | 'echo' // the same body, then FIN unless the behaviour lingers
  | 'hold' // no answer until the test gives one
  | 'destroy' // the TCP connection ends instead
  | { code: number | null; reason?: string };

/** One thing the server does on a connection. Neighbouring writes leave in one packet. Bytes are hexadecimal. */
export type Action =
  | { do: 'text'; text: string }
  | { do: 'frame'; opcode: number; payload: string; fin?: boolean }
  | { do: 'close'; code: number | null; reason?: string }
  | { do: 'raw'; bytes: string; times?: number }
  | { do: 'destroy' } // close the TCP connection in both directions
  | { do: 'reset' } // RST
  | { do: 'fin' } // end our direction only
  | { do: 'stop-reading' } // leave what the client sends in the buffers of the kernel
  | { do: 'answer-handshake'; handshake?: Handshake }
  | { do: 'answer-close'; answer?: CloseAnswer };

export interface Behaviour {
  handshake?: Handshake;
  /** Done at once after the 101, in the same packet as far as they are writes. */
  onOpen?: Action[];
  onMessage?: 'log' | 'echo';
  onClose?: CloseAnswer;
  /** Leaves the TCP connection open after the closing handshake. */
  lingers?: boolean;
  /** Leaves the TCP connection open after the client has ended its direction. */
  ignoresFin?: boolean;
}

export interface CloseFrame {
  /** `null` for an empty body. */
  code: number | null;
  reason: string;
  /** The body, byte for byte, in hexadecimal. */
  bytes: string;
}

/** A message by the opcode of its frame; binary is in hexadecimal. */
export type Message = { text: string } | { binary: string };

/** All that the server saw of one connection. */
export interface ConnectionLog {
  path: string;
  headers: Record<string, string>;
  protocols: string[];
  /** The server sent its 101. */
  opened: boolean;
  /** All messages, in the order they came. */
  messages: Message[];
  texts: string[];
  /** Binary messages in hexadecimal. */
  binaries: string[];
  closeFrames: CloseFrame[];
  /** What no client may do: an unmasked frame, a reserved bit, data after Close. */
  faults: string[];
  /** The TCP connection ended, from whichever side. */
  gone: boolean;
}

/** What a test waits for on one connection, which need not exist yet. */
export type Wait =
  | { for: 'request' }
  | { for: 'open' }
  | { for: 'messages'; count: number }
  | { for: 'texts'; count: number }
  | { for: 'binaries'; count: number }
  | { for: 'close-frame' }
  | { for: 'gone' };

/** Returns whether it has happened on a connection. */
export function holds(log: ConnectionLog, wait: Wait): boolean {
  switch (wait.for) {
    case 'request': return true;
    case 'open': return log.opened;
    case 'messages': return log.messages.length >= wait.count;
    case 'texts': return log.texts.length >= wait.count;
    case 'binaries': return log.binaries.length >= wait.count;
    case 'close-frame': return log.closeFrames.length > 0;
    case 'gone': return log.gone;
  }
}

export type Request =
  | { op: 'make'; behaviours: Behaviour[] }
  | { op: 'do'; peer: string; connection: number; actions: Action[] }
  | { op: 'wait'; peer: string; connection: number; wait: Wait }
  | { op: 'logs'; peer: string }
  | { op: 'most-alive'; peer: string }
  | { op: 'proxy'; peer: string }
  | { op: 'stall'; peer: string }
  | { op: 'dispose'; peer: string }
  | { op: 'closed-port' };

export type Reply = { value: unknown } | { error: string };
