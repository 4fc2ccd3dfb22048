import { FakeSocket } from '../subject/FakeSocket.js';
import type { Variant } from './callbacks.js';
import type { Connections } from './laws/Connections.js';

type Call = <T>(callback: string, work: () => T, order?: 'before' | 'after') => T;
const notListened = (): void => undefined;

/** A transport whose methods may have faults, and which reports to the laws what it does. */
export class SimulatedTransport extends FakeSocket {
  readonly #pinged: string[] = [];
  readonly #connections: Connections;
  readonly #call: Call;
  readonly #sent: (transport: object, data: string) => void;
  #pong: (payload: string) => void = notListened;

  constructor(url: string, protocols: string | string[] | undefined, { pings, terminates, consumers }: Variant, connections: Connections, sent: (transport: object, data: string) => void, call: Call) {
    super(url, protocols);
    this.#connections = connections;
    this.#sent = sent;
    this.#call = call;
    // The network cannot open it before the library listens.
    this.onopen = notListened;
    if (pings === 'by the protocol') {
      Object.assign(this, {
        on: (_: string, listener: (payload: string) => void) => call('transport.on', () => void (this.#pong = listener)),
        ping: (payload: string) => call('transport.ping', () => void this.#pinged.push(payload)),
      });
    }
    if (terminates) {
      const terminate = (): void => {
        if (this.readyState < 2) this.readyState = 2;
        call('transport.terminate', () => undefined);
      };
      Object.assign(this, { terminate });
    }
    if (consumers === 'all') Object.assign(this, { pause: () => call('transport.pause', () => undefined), resume: () => call('transport.resume', () => undefined) });
    connections.made(this);
  }

  override send(data: string): void {
    this.#call('transport.send', () => {
      if (this.readyState === 1) this.#sent(this, data);
      super.send(data);
    }, 'after');
  }

  override close(...args: unknown[]): void {
    super.close(...args);
    this.#connections.closeCalled(this);
    this.#call('transport.close', () => undefined);
  }

  get isListened(): boolean {
    return this.onopen !== notListened;
  }

  override open(): void {
    this.#connections.opened(this);
    super.open();
  }

  override message(value: unknown): void {
    this.#connections.heard(this);
    super.message(value);
  }

  override closeClean(code: number, reason = ''): void {
    this.#connections.ended(this, code, true);
    super.closeClean(code, reason);
  }

  override drop(): void {
    this.#connections.ended(this, 1006, false);
    super.drop();
  }

  /** Answers its pings. */
  pong(): void {
    for (const payload of this.#pinged.splice(0)) {
      this.#connections.heard(this);
      this.#pong(payload);
    }
  }
}
