import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { piecesOf } from './pieces.js';
import { WireLine, type Fault, type Rates } from './WireLine.js';

interface ProxyOptions {
  readonly rates?: Rates;
  /** What goes wrong on the n-th connection, counted from 0. */
  faultsOn?(connection: number): { readonly up?: Fault | undefined; readonly down?: Fault | undefined } | undefined;
}

/** A TCP proxy whose connections can be slow, faulty, and half open. */
export class WireProxy {
  readonly #server = createServer({ allowHalfOpen: true });
  readonly #lines = new Set<WireLine>();

  private constructor(target: number, { faultsOn, rates = {} }: ProxyOptions) {
    let connections = 0;
    this.#server.on('connection', (client: Socket) => {
      const line = new WireLine(client, connect({ port: target, host: '127.0.0.1', allowHalfOpen: true }), () => this.#lines.delete(line));
      this.#lines.add(line);
      const { up, down } = faultsOn?.(connections++) ?? {};
      for (const [way, fault, rate] of [[line.up, up, rates.up], [line.down, down, rates.down]] as const) { // prettier-ignore
        if (fault) way.run((chunks) => fault(piecesOf(chunks), way));
        else way.run((chunks) => way.forward(chunks, rate));
      }
    });
  }

  /** Starts one on a free port, for what listens on this one. */
  static async to(target: number, options: ProxyOptions = {}): Promise<WireProxy> {
    const proxy = new WireProxy(target, options);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `ws://127.0.0.1:${this.port}`;
  }

  /** Makes the connections that there are half open, as a cable that was pulled does; those that come later are forwarded. */
  stall(): void {
    for (const line of this.#lines) line.stall();
  }

  dispose(): void {
    for (const line of this.#lines) line.destroy();
    this.#server.close();
  }
}
