import type { Action, Behaviour, CloseAnswer, CloseFrame, ConnectionLog, Handshake, Message, Reply, Request, Wait } from './protocol.js';

export interface ServerHandle {
  /** A fresh address on the server. The n-th connection made to it gets the n-th behaviour, the last goes for all that follow. */
  peer(...behaviours: Behaviour[]): Promise<Peer>;
  /** An address without a listener. */
  closedUrl(): Promise<string>;
}

/** Drives the wire server over HTTP: from Node and from a page alike. */
export function serverAt(serverUrl: string): ServerHandle {
  const ask = async (request: Request): Promise<unknown> => {
    // A text body makes it a request that needs no preflight.
    const response = await fetch(`${serverUrl}/control`, { method: 'POST', body: JSON.stringify(request) });
    const reply = (await response.json()) as Reply;
    if ('error' in reply) throw new Error(`wire server: ${reply.error}`);
    return reply.value;
  };
  return serverBy(ask);
}

/** Drives whatever server answers these requests. */
export function serverBy(ask: Ask): ServerHandle {
  return {
    async peer(...behaviours) {
      const { id, url } = (await ask({ op: 'make', behaviours })) as { id: string; url: string };
      return new Peer(url, id, ask);
    },
    async closedUrl() {
      return `ws://127.0.0.1:${String(await ask({ op: 'closed-port' }))}`;
    },
  };
}

export type Ask = (request: Request) => Promise<unknown>;

/** The server's side of a test, as the test sees it. */
export class Peer {
  constructor(readonly url: string, private readonly id: string, private readonly ask: Ask) {}

  /** The n-th connection to this peer, counted from 0; it need not exist yet. */
  at(connection: number): PeerConnection {
    return new PeerConnection(connection, this.id, this.ask);
  }

  async logs(): Promise<ConnectionLog[]> {
    return (await this.ask({ op: 'logs', peer: this.id })) as ConnectionLog[];
  }

  /** How many connections have asked for a handshake. */
  async count(): Promise<number> {
    return (await this.logs()).length;
  }

  /** The most connections there ever were at once that had neither ended nor sent Close. */
  async mostAlive(): Promise<number> {
    return (await this.ask({ op: 'most-alive', peer: this.id })) as number;
  }

  /** Resolves when every connection made so far has ended. */
  async allGone(): Promise<void> {
    for (let connection = 0; connection < (await this.count()); connection++) await this.at(connection).gone();
  }

  /** Another address of this peer, behind a TCP proxy that can stall. */
  async proxied(): Promise<string> {
    return (await this.ask({ op: 'proxy', peer: this.id })) as string;
  }

  /** Makes every connection through the proxy half open: nothing is forwarded any more, and nothing is closed. Later ones are forwarded. */
  async stall(): Promise<void> {
    await this.ask({ op: 'stall', peer: this.id });
  }

  async dispose(): Promise<void> {
    await this.ask({ op: 'dispose', peer: this.id });
  }
}

export class PeerConnection {
  constructor(private readonly connection: number, private readonly peer: string, private readonly ask: Ask) {}

  async do(...actions: Action[]): Promise<void> {
    await this.ask({ op: 'do', peer: this.peer, connection: this.connection, actions });
  }

  text(text: string): Promise<void> {
    return this.do({ do: 'text', text });
  }

  json(value: unknown): Promise<void> {
    return this.text(JSON.stringify(value));
  }

  /** Sends a binary message, given in hexadecimal. */
  binary(payload: string): Promise<void> {
    return this.do({ do: 'frame', opcode: 2, payload });
  }

  /** Sends Close; without a code its body is empty. */
  close(code: number | null = null, reason = ''): Promise<void> {
    return this.do({ do: 'close', code, reason });
  }

  end(how: 'destroy' | 'reset' | 'fin' = 'destroy'): Promise<void> {
    return this.do({ do: how });
  }

  answerHandshake(handshake: Handshake = 'accept'): Promise<void> {
    return this.do({ do: 'answer-handshake', handshake });
  }

  answerClose(answer: CloseAnswer = 'echo'): Promise<void> {
    return this.do({ do: 'answer-close', answer });
  }

  /** Waits until the handshake was asked for. */
  requested(): Promise<ConnectionLog> {
    return this.wait({ for: 'request' });
  }

  /** Waits until the 101 was sent. */
  opened(): Promise<ConnectionLog> {
    return this.wait({ for: 'open' });
  }

  /** Waits for that many messages of either kind and gives all there are, in order. */
  async messages(count: number): Promise<Message[]> {
    return (await this.wait({ for: 'messages', count })).messages;
  }

  /** Waits for that many text messages and gives all there are. */
  async texts(count: number): Promise<string[]> {
    return (await this.wait({ for: 'texts', count })).texts;
  }

  async jsons(count: number): Promise<unknown[]> {
    return (await this.texts(count)).map((text) => JSON.parse(text) as unknown);
  }

  async binaries(count: number): Promise<string[]> {
    return (await this.wait({ for: 'binaries', count })).binaries;
  }

  /** Waits for the client's Close. */
  async closeFrame(): Promise<CloseFrame> {
    return (await this.wait({ for: 'close-frame' })).closeFrames[0] as CloseFrame;
  }

  /** Waits until the TCP connection has ended. */
  gone(): Promise<ConnectionLog> {
    return this.wait({ for: 'gone' });
  }

  private async wait(wait: Wait): Promise<ConnectionLog> {
    return (await this.ask({ op: 'wait', peer: this.peer, connection: this.connection, wait })) as ConnectionLog;
  }
}
