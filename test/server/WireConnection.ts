import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { closeBody, encodeFrame, FrameReader, Opcode, type Frame } from './frames.js';
import type { Action, Behaviour, CloseAnswer, ConnectionLog, Handshake } from './protocol.js';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const repeated = (bytes: Buffer, times: number): Buffer => Buffer.alloc(bytes.length * times, bytes);

/** One TCP connection that asked to become a WebSocket: does what its behaviour and the test say, and logs what it saw. */
export class WireConnection {
  readonly log: ConnectionLog;
  private readonly reader = new FrameReader();
  private readonly fragments: Buffer[] = [];
  private fragmentsOpcode: number = Opcode.text;
  private sentClose = false;
  private held: Buffer | undefined;

  constructor(
    private readonly socket: Socket,
    private readonly request: IncomingMessage,
    private readonly behaviour: Behaviour,
    private readonly changed: () => void,
  ) {
    const offered = request.headers['sec-websocket-protocol'];
    this.log = {
      path: request.url ?? '',
      headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])),
      protocols: offered === undefined ? [] : offered.split(',').map((name) => name.trim()),
      opened: false, messages: [], texts: [], binaries: [], closeFrames: [], faults: [], gone: false,
    };
    socket.setNoDelay(true);
    socket.setTimeout(0);
    socket.on('error', () => undefined); // a reset by the client is an end like any other; 'close' follows
    socket.on('data', (bytes: Buffer) => {
      for (const frame of this.reader.push(bytes)) this.receive(frame);
    });
    socket.on('end', () => {
      this.gone();
      if (behaviour.ignoresFin !== true) socket.end(); // the HTTP server leaves sockets half open
    });
    socket.on('close', () => this.gone());
    this.answerHandshake(behaviour.handshake ?? 'accept');
  }

  destroy(): void {
    this.socket.destroy();
  }

  perform(actions: readonly Action[], before: Buffer = Buffer.alloc(0)): void {
    let pending = before;
    const flush = (): void => {
      if (pending.length > 0 && this.socket.writable) this.socket.write(pending);
      pending = Buffer.alloc(0);
    };
    for (const action of actions) {
      const bytes = this.bytesOf(action);
      if (bytes) {
        pending = Buffer.concat([pending, bytes]);
        continue;
      }
      flush();
      this.act(action);
    }
    flush();
  }

  private bytesOf(action: Action): Buffer | undefined {
    switch (action.do) {
      case 'text': return encodeFrame(Opcode.text, Buffer.from(action.text));
      case 'frame': return encodeFrame(action.opcode, Buffer.from(action.payload, 'hex'), action.fin ?? true);
      case 'raw': return repeated(Buffer.from(action.bytes, 'hex'), action.times ?? 1);
      case 'close':
        this.sentClose = true;
        return encodeFrame(Opcode.close, closeBody(action.code, action.reason));
      default: return undefined;
    }
  }

  private act(action: Action): void {
    switch (action.do) {
      case 'destroy': this.socket.destroy(); break;
      case 'reset': this.socket.resetAndDestroy(); break;
      case 'fin': this.socket.end(); break;
      case 'stop-reading': this.socket.pause(); break;
      case 'answer-handshake': this.answerHandshake(action.handshake ?? 'accept'); break;
      case 'answer-close': this.answerClose(action.answer ?? 'echo'); break;
      default: throw new Error(`not an action: ${action.do}`);
    }
  }

  private answerHandshake(handshake: Handshake): void {
    if (handshake === 'hold') return;
    if (handshake === 'drop') return void this.socket.destroy();
    if (handshake === 'garbage') return void this.socket.end('\x16\x03\x01 no HTTP at all\r\n\r\n');
    if (typeof handshake === 'object' && 'status' in handshake) {
      const { status, headers = [], body = '' } = handshake;
      const location = status >= 300 && status < 400 ? ['Location: /elsewhere'] : [];
      const head = [`HTTP/1.1 ${status} Refused`, ...location, `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', ...headers];
      return void this.socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
    }
    const key = `${this.request.headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
    const digest = createHash('sha1').update(handshake === 'bad-accept' ? 'another key' : key).digest('base64');
    const protocol = typeof handshake === 'object' ? handshake.protocol : (this.log.protocols[0] ?? null);
    const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${digest}`];
    if (protocol !== null) head.push(`Sec-WebSocket-Protocol: ${protocol}`);
    if (handshake === 'unasked-extension') head.push('Sec-WebSocket-Extensions: x-not-offered');
    this.log.opened = true;
    this.perform(this.behaviour.onOpen ?? [], Buffer.from(`${head.join('\r\n')}\r\n\r\n`));
    this.changed();
  }

  private answerClose(answer: CloseAnswer): void {
    if (answer === 'hold') return;
    if (answer === 'destroy') return void this.socket.destroy();
    const body = answer === 'echo' ? (this.held ?? Buffer.alloc(0)) : closeBody(answer.code, answer.reason);
    this.sentClose = true;
    this.socket.write(encodeFrame(Opcode.close, body));
    this.closed();
  }

  private closed(): void {
    if (this.behaviour.lingers !== true) this.socket.end();
  }

  private receive({ fin, reserved, opcode, masked, payload }: Frame): void {
    if (!masked) this.log.faults.push('unmasked frame');
    if (reserved !== 0) this.log.faults.push('reserved bit');
    if (this.log.closeFrames.length > 0) this.log.faults.push(`opcode ${opcode} after Close`);
    if (opcode === Opcode.close) this.receiveClose(payload);
    else if (opcode === Opcode.ping) this.perform([{ do: 'frame', opcode: Opcode.pong, payload: payload.toString('hex') }]);
    else if (opcode === Opcode.pong) return;
    else {
      if (opcode !== Opcode.continuation) this.fragmentsOpcode = opcode;
      this.fragments.push(payload);
      if (fin) this.receiveMessage(Buffer.concat(this.fragments.splice(0)));
    }
    this.changed();
  }

  private receiveMessage(payload: Buffer): void {
    const opcode = this.fragmentsOpcode;
    if (opcode === Opcode.text) {
      const text = this.decode(payload);
      this.log.messages.push({ text });
      this.log.texts.push(text);
    } else if (opcode === Opcode.binary) {
      const binary = payload.toString('hex');
      this.log.messages.push({ binary });
      this.log.binaries.push(binary);
    } else this.log.faults.push(`opcode ${opcode}`);
    if (this.behaviour.onMessage === 'echo') this.perform([{ do: 'frame', opcode, payload: payload.toString('hex') }]);
  }

  private receiveClose(payload: Buffer): void {
    if (payload.length === 1) this.log.faults.push('a Close body of one byte');
    this.log.closeFrames.push({
      code: payload.length < 2 ? null : payload.readUInt16BE(0),
      reason: this.decode(payload.subarray(2)),
      bytes: payload.toString('hex'),
    });
    this.held = payload;
    if (this.sentClose) this.closed();
    else this.answerClose(this.behaviour.onClose ?? 'echo');
  }

  private decode(bytes: Uint8Array): string {
    try {
      return strictUtf8.decode(bytes);
    } catch {
      this.log.faults.push('bad UTF-8');
      return '';
    }
  }

  private gone(): void {
    if (this.log.gone) return;
    this.log.gone = true;
    this.changed();
  }
}
