import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { holds, type Action, type Behaviour, type ConnectionLog, type Wait } from './protocol.js';
import { WireConnection } from './WireConnection.js';

interface Waiter {
  connection: number;
  wait: Wait;
  settle(error?: Error): void;
}

/** The server's end of one test: the connections made to one address, numbered in the order they came. */
export class WirePeer {
  private readonly connections: WireConnection[] = [];
  private readonly waiters = new Set<Waiter>();
  /** The most connections there ever were at once that had neither ended nor sent Close. */
  mostAlive = 0;

  constructor(private readonly behaviours: readonly Behaviour[]) {}

  /** The n-th connection gets the n-th behaviour; the last one goes for all that follow. */
  accept(socket: Socket, request: IncomingMessage): void {
    const behaviour = this.behaviours[this.connections.length] ?? this.behaviours.at(-1) ?? {};
    this.connections.push(new WireConnection(socket, request, behaviour, () => this.changed()));
    this.changed();
  }

  logs(): ConnectionLog[] {
    return this.connections.map(({ log }) => log);
  }

  perform(connection: number, actions: Action[]): void {
    const target = this.connections[connection];
    if (!target) throw new Error(`there is no connection ${connection}: ${this.describe()}`);
    target.perform(actions);
  }

  async wait(connection: number, wait: Wait, limit: number): Promise<ConnectionLog> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiter.settle(new Error(`connection ${connection}: no ${JSON.stringify(wait)} within ${limit} ms: ${this.describe()}`));
      }, limit);
      const waiter: Waiter = {
        connection,
        wait,
        settle: (error) => {
          clearTimeout(timer);
          this.waiters.delete(waiter);
          if (error) reject(error);
          else resolve();
        },
      };
      this.waiters.add(waiter);
      this.changed();
    });
    return this.logs()[connection] as ConnectionLog;
  }

  dispose(): void {
    for (const waiter of [...this.waiters]) waiter.settle(new Error('the peer was disposed of while a test waited for it'));
    for (const connection of this.connections) connection.destroy();
  }

  private changed(): void {
    const alive = this.logs().filter(({ gone, closeFrames }) => !gone && closeFrames.length === 0).length;
    this.mostAlive = Math.max(this.mostAlive, alive);
    for (const waiter of [...this.waiters]) {
      const log = this.connections[waiter.connection]?.log;
      if (log && holds(log, waiter.wait)) waiter.settle();
    }
  }

  private describe(): string {
    return `saw ${JSON.stringify(this.logs().map(({ headers: _, ...log }) => log))}`;
  }
}
