import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** Bytes a millisecond in each direction; no limit where it is left out. */
interface Rates {
  readonly up?: number;
  readonly down?: number;
}

/** A TCP proxy with a slow line. It can cut it, as a cable that was pulled does: then it takes what comes, forwards nothing, and closes nothing. */
export class ThrottledProxy {
  readonly #server = createServer();
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  private constructor(target: string, rates: Rates) {
    const { port } = new URL(target);
    this.#server.on('connection', (client) => {
      const upstream = connect(Number(port), '127.0.0.1');
      this.#forward(client, upstream, rates.up);
      this.#forward(upstream, client, rates.down);
    });
  }

  /** Starts one on a free port, in front of a server. */
  static async to(target: string, rates: Rates = {}): Promise<ThrottledProxy> {
    const proxy = new ThrottledProxy(target, rates);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  cut(): void {
    this.#isCut = true;
  }

  dispose(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #forward(from: Socket, to: Socket, rate = Infinity): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    let freeAt = 0;
    from.on('data', (bytes) => {
      // A late timer makes the next pause shorter, so that a busy machine does not make the line slower.
      freeAt = Math.max(freeAt, performance.now() - 100) + bytes.length / rate;
      if (!this.#isCut) to.write(bytes);
      const pause = freeAt - performance.now();
      if (pause < 1) return;
      from.pause();
      setTimeout(() => from.resume(), pause);
    });
    from.on('error', () => undefined); // 'close' follows
    from.on('close', () => {
      this.#sockets.delete(from);
      if (!this.#isCut) to.destroy();
    });
  }
}
