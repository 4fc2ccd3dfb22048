import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { Piece } from './pieces.js';

/** Bytes a millisecond in each direction; no limit where it is left out. */
export interface Rates {
  readonly up?: number;
  readonly down?: number;
}

/** Does what it likes with the pieces of one direction. What it does not write never arrives. */
export type Fault = (pieces: AsyncIterable<Piece>, way: WireWay) => Promise<void>;

/** One connection through a proxy. */
export class WireLine {
  readonly up: WireWay;
  readonly down: WireWay;

  constructor(
    private readonly client: Socket,
    private readonly server: Socket,
    gone: () => void,
  ) {
    this.up = new WireWay(this, client, server);
    this.down = new WireWay(this, server, client);
    let open = 2;
    for (const socket of [client, server]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined); // 'close' follows
      socket.on('close', () => --open === 0 && gone());
    }
  }

  /** Makes it half open in both directions. */
  stall(): void {
    this.up.stall();
    this.down.stall();
  }

  /** RST to both ends. */
  reset(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  destroy(): void {
    this.client.destroy();
    this.server.destroy();
  }
}

/** One direction of a connection through a proxy. */
export class WireWay {
  /** From then on nothing arrives any more, not even an end, and what comes is taken all the same. */
  #isStalled = false;
  #isCut = false;

  constructor(
    readonly line: WireLine,
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('close', () => this.#isStalled || this.#isCut || to.destroy());
  }

  stall(): void {
    this.#isStalled = true;
  }

  /** FIN to both ends. What was written before arrives first. */
  cut(): void {
    this.#isCut = true;
    this.to.end();
    this.from.destroy();
  }

  write(bytes: Uint8Array): void {
    if (!this.#isStalled && this.to.writable) this.to.write(bytes);
  }

  /** Forwards every chunk as it comes, at so many bytes a millisecond. */
  async forward(chunks: AsyncIterable<Buffer>, rate = Infinity): Promise<void> {
    let freeAt = 0;
    for await (const bytes of chunks) {
      // A late timer makes the next pause shorter, so that a busy machine does not make the line slower.
      freeAt = Math.max(freeAt, performance.now() - 100) + bytes.length / rate;
      this.write(bytes);
      const pause = freeAt - performance.now();
      if (pause >= 1) await wait(pause);
    }
  }

  /** Lets a function do what it likes with what comes, to the end. Nothing that comes after it has returned arrives. */
  run(handle: (chunks: AsyncIterable<Buffer>) => Promise<void>): void {
    const chunks = this.from.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
    void handle(chunks)
      .then(() => (this.#isStalled || this.#isCut ? this.from.resume() : this.to.end()))
      .catch((error: unknown) => {
        // It was reset, or destroyed: 'close' follows.
        if (!this.from.destroyed) throw error;
      });
  }
}
