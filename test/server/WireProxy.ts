import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/**
 * A TCP proxy that can make connections half open, as a cable that was pulled does: it forwards nothing any more, in either direction, not even an
 * end, and closes nothing.
 */
export class WireProxy {
  private readonly sockets = new Set<Socket>();

  private constructor(private readonly server: Server, target: number) {
    server.on('connection', (client: Socket) => {
      const upstream = connect({ port: target, host: '127.0.0.1', allowHalfOpen: true });
      this.forward(client, upstream);
      this.forward(upstream, client);
    });
  }

  /** Starts one on a free port, for what listens on this one. */
  static async to(target: number): Promise<WireProxy> {
    const server = createServer({ allowHalfOpen: true });
    const proxy = new WireProxy(server, target);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Makes the connections that there are half open; those that come later are forwarded. */
  stall(): void {
    for (const socket of this.sockets) {
      for (const event of ['data', 'end', 'close']) socket.removeAllListeners(event);
      socket.pause();
    }
  }

  dispose(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private forward(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.setNoDelay(true);
    from.on('error', () => undefined); // 'close' follows
    from.on('data', (bytes) => to.write(bytes));
    from.on('end', () => to.end());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
