import { testServer, type TestConnection, type TestServer, type TestServerOptions } from '../../src/testing/index.js';
import { holds, type Action, type Behaviour, type CloseAnswer, type CloseFrame, type ConnectionLog, type Handshake, type Message, type Request, type Wait } from '../server/protocol.js';
import { serverBy, type ServerHandle } from '../server/serverAt.js';

/** Milliseconds after which a wait ends with an error that says what was seen. */
const waitLimit = 8_000;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

/** What a server in memory has not. The names are those of scripts/conformance/differences.mjs. */
const notInMemory = (what: 'frames' | 'TCP'): never => {
  throw new Error(`not in memory: ${what}`);
};

/** One connection to a peer: does what its behaviour and the test say. */
class MemoryConnection {
  private opened = false;
  private closeFrame: CloseFrame | undefined;
  private fragments = { isText: false, bytes: Buffer.alloc(0) };
  readonly messages: Message[] = [];

  constructor(private readonly connection: TestConnection, private readonly behaviour: Behaviour) {
    if (behaviour.onClose !== undefined) connection.ignoreClose();
  }

  start(): void {
    this.answerHandshake(this.behaviour.handshake ?? 'accept');
  }

  get log(): ConnectionLog {
    const { closedWith, protocols, state, url } = this.connection;
    const own = closedWith && frameOf(closedWith.code, closedWith.reason);
    const closeFrames = [own ?? this.closeFrame].filter((frame) => frame != null);
    return {
      path: new URL(url).pathname + new URL(url).search,
      headers: {},
      protocols: [...protocols],
      opened: this.opened,
      messages: this.messages,
      texts: this.messages.flatMap((one) => ('text' in one ? [one.text] : [])),
      binaries: this.messages.flatMap((one) => ('binary' in one ? [one.binary] : [])),
      closeFrames,
      faults: [],
      gone: state === 'closed',
    };
  }

  receive(message: Message): void {
    this.messages.push(message);
    if (this.behaviour.onMessage !== 'echo') return;
    void Promise.resolve().then(() => {
      if ('text' in message) this.connection.sendText(message.text);
      else this.connection.send(Buffer.from(message.binary, 'hex'));
    });
  }

  /** The client's Close has come: done by looking, since the kit has no event for it. */
  look(): void {
    const { onClose } = this.behaviour;
    if (this.connection.state === 'closing' && onClose !== undefined && onClose !== 'hold') this.answerClose(onClose);
  }

  perform(actions: readonly Action[]): void {
    // A network takes what is written to a connection that has ended.
    for (const action of actions) if (this.connection.state !== 'closed') this.act(action);
  }

  private act(action: Action): void {
    const { connection } = this;
    switch (action.do) {
      case 'text': connection.sendText(action.text); break;
      case 'frame': this.send(action.opcode, Buffer.from(action.payload, 'hex'), action.fin ?? true); break;
      case 'close': this.close(action.code, action.reason); break;
      case 'destroy': case 'reset': case 'fin': connection.drop(); break;
      case 'raw': notInMemory('frames'); break;
      case 'stop-reading': connection.ignorePings(); break; // nothing else is answered
      case 'answer-handshake': this.answerHandshake(action.handshake ?? 'accept'); break;
      case 'answer-close': this.answerClose(action.answer ?? 'echo'); break;
    }
  }

  /** A message may be made of several frames. */
  private send(opcode: number, payload: Buffer, isLast: boolean): void {
    if (opcode > 2 || (opcode === 1 && !isUtf8(payload))) notInMemory('frames');
    if (opcode !== 0) this.fragments = { isText: opcode === 1, bytes: Buffer.alloc(0) };
    const { isText } = this.fragments;
    const bytes = (this.fragments.bytes = Buffer.concat([this.fragments.bytes, payload]));
    if (!isLast) return;
    if (isText) this.connection.sendText(bytes.toString());
    else this.connection.send(bytes);
  }

  private close(code: number | null, reason?: string): void {
    if (this.behaviour.lingers === true) notInMemory('TCP');
    this.connection.close(code ?? 1005, reason);
    this.closeFrame = frameOf(code ?? 1005, reason ?? '');
  }

  private answerHandshake(handshake: Handshake): void {
    const { connection } = this;
    if (handshake === 'hold' || connection.state !== 'connecting') return;
    if (handshake === 'drop') connection.drop();
    else if (handshake === 'accept') this.open(undefined);
    else if (typeof handshake === 'string') notInMemory('frames');
    else if ('protocol' in handshake) this.open(handshake.protocol ?? '');
    else {
      const headers = Object.fromEntries((handshake.headers ?? []).map((line) => line.split(': ') as [string, string]));
      connection.refuse(handshake.status, { headers, body: handshake.body });
    }
  }

  private open(protocol: string | undefined): void {
    this.opened = true;
    this.connection.accept(protocol);
    this.perform(this.behaviour.onOpen ?? []);
  }

  private answerClose(answer: CloseAnswer): void {
    const { connection } = this;
    if (answer === 'hold' || connection.state !== 'closing') return;
    if (answer === 'destroy') connection.drop();
    else if (answer === 'echo') connection.answerClose();
    else connection.answerClose(answer.code ?? 1005, answer.reason);
  }
}

class MemoryPeer {
  readonly connections: MemoryConnection[] = [];
  mostAlive = 0;

  constructor(private readonly behaviours: readonly Behaviour[]) {
    const unsupported = behaviours.some(({ handshake }) => handshake === 'garbage' || handshake === 'bad-accept' || handshake === 'unasked-extension');
    if (unsupported) notInMemory('frames');
    if (behaviours.some(({ ignoresFin, lingers }) => ignoresFin === true || lingers === true)) notInMemory('TCP');
  }

  add(connection: TestConnection): MemoryConnection {
    const made = new MemoryConnection(connection, this.behaviours[this.connections.length] ?? this.behaviours.at(-1) ?? {});
    this.connections.push(made);
    this.look();
    return made;
  }

  get logs(): ConnectionLog[] {
    return this.connections.map(({ log }) => log);
  }

  look(): void {
    for (const connection of this.connections) connection.look();
    this.mostAlive = Math.max(this.mostAlive, this.logs.filter(({ gone, closeFrames }) => !gone && closeFrames.length === 0).length);
  }

  at(index: number): MemoryConnection {
    const connection = this.connections[index];
    if (!connection) throw new Error(`there is no connection ${index}`);
    return connection;
  }

  async wait(index: number, wait: Wait): Promise<ConnectionLog> {
    const limit = performance.now() + waitLimit;
    for (;;) {
      this.look();
      const log = this.connections[index]?.log;
      if (log && holds(log, wait)) return log;
      if (performance.now() > limit) throw new Error(`connection ${index}: no ${JSON.stringify(wait)}: saw ${JSON.stringify(this.logs)}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}

/** The server of the conformance suite, as a server in memory. What that cannot do throws an error that begins with "not in memory". */
export function memoryServer(options: TestServerOptions): { server: TestServer; handle: ServerHandle } {
  const peers = new Map<string, MemoryPeer>();
  let peersMade = 0;
  const connections = new Map<TestConnection, MemoryConnection>();
  const server = testServer({
    ...options,
    accept: 'manual',
    random: () => 0,
    decode: (frame): Message => (typeof frame === 'string' ? { text: frame } : { binary: hexOf(frame) }),
    onConnection: (connection) => {
      const peer = peers.get(/^\/peer\/([^/?]+)/.exec(new URL(connection.url).pathname)?.[1] ?? '');
      const added = peer?.add(connection);
      if (added) {
        connections.set(connection, added);
        added.start(); // the client may send within this call
      } else if (connection.state === 'connecting') connection.drop();
    },
    onMessage: (message, connection) => connections.get(connection)?.receive(message as Message),
  });
  const looking = setInterval(() => peers.forEach((peer) => peer.look()), 1);
  looking.unref();

  const ask = async (request: Request): Promise<unknown> => {
    await Promise.resolve(); // a network takes its time
    if (request.op === 'make') {
      const id = String(peersMade++);
      peers.set(id, new MemoryPeer(request.behaviours));
      return { id, url: `ws://memory.example:8080/peer/${id}` };
    }
    if (request.op === 'closed-port') return 1;
    const peer = peers.get(request.peer);
    if (!peer) throw new Error('no such peer');
    switch (request.op) {
      case 'do':
        peer.at(request.connection).perform(request.actions);
        return undefined;
      case 'wait': return peer.wait(request.connection, request.wait);
      case 'logs': return peer.logs;
      case 'most-alive': return peer.mostAlive;
      case 'proxy': case 'stall': return notInMemory('TCP');
      case 'dispose':
        peers.delete(request.peer);
        return undefined;
    }
  };
  return { server, handle: serverBy(async (request) => JSON.parse(JSON.stringify((await ask(request)) ?? null)) as unknown) };
}

const isUtf8 = (bytes: Buffer): boolean => Buffer.from(bytes.toString()).equals(bytes);

function frameOf(code: number, reason: string): CloseFrame {
  if (code === 1005) return { code: null, reason: '', bytes: '' };
  const bytes = Buffer.concat([Buffer.from([code >> 8, code & 0xff]), Buffer.from(reason)]);
  return { code, reason, bytes: hexOf(bytes) };
}
