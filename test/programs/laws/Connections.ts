import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { CloseEvent, SocketStatus } from '../../../src/index.js';
import type { FakeSocket } from '../../subject/FakeSocket.js';

/** Milliseconds of the options, as far as the laws speak of them. */
export interface Limits {
  readonly stableAfter: number;
  readonly linger: number;
  readonly connectTimeout: number;
  readonly closeTimeout: number;
  /** The `timeout` of `heartbeat`. */
  readonly pingTimeout: number;
}

/** What the network and the library have done with one transport. */
interface Transport {
  readonly socket: FakeSocket;
  openedAt: number | null;
  /** How the network has ended it. */
  end: { readonly code: number; readonly wasClean: boolean } | null;
  endedAt: number | null;
  /** When it was made, or something last arrived. */
  heardAt: number;
  /** The one `CloseEvent` of this connection. */
  closeEvent: CloseEvent | null;
}

/** The lines of the table in docs/semantics.md. */
const legal = new Set(
  [...readFileSync(fileURLToPath(new URL('../../../docs/semantics.md', import.meta.url)), 'utf8').matchAll(/^\| `([a-z: ]+)` \| `([a-z: ]+)` \|/gm)].map(([, from, to]) => `${from} → ${to}`),
);
const placeOf = (status: SocketStatus): string => (status.state === 'waiting' ? `waiting: ${status.why}` : status.state);

/** The laws of connections: S4, S7, S8, S9, S10 and S19, and of their ends: S1, S2 and S3. */
export class Connections {
  readonly violations: string[] = [];
  readonly statuses: SocketStatus[] = [];
  readonly #limits: Limits;
  /** Whether a callback has done more than its own work. */
  readonly #isFaulty: () => boolean;
  readonly #transports: Transport[] = [];
  /** Messages that may be heard. */
  readonly #heard = new Set<number>();
  /** Whether your code has reconnected or suspended the present connection, which does not count as a retry. */
  #isReplaced = false;
  /** Whether an end by your code has begun since the last `connecting`: the next one may be of a new session. */
  #hasEnded = false;
  /** Whether a graceful end may be under way, in this session or an older one. */
  #isGraceful = false;
  #subscribers = 0;
  /** When the last subscriber was gone, `-Infinity` while `linger` does not apply. */
  #abandonedAt = -Infinity;

  constructor(limits: Limits, isFaulty: () => boolean) {
    this.#limits = limits;
    this.#isFaulty = isFaulty;
  }

  get status(): SocketStatus | undefined {
    return this.statuses.at(-1);
  }

  // --- your code

  subscribed(): void {
    this.#subscribers++;
  }

  unsubscribed(): void {
    this.#subscribers--;
    if (this.#subscribers === 0) this.#abandonedAt = Date.now();
  }

  /** `reconnect()` was called, or a signal of `suspendWhile` has emitted. */
  replaces(): void {
    this.#isReplaced = true;
  }

  /** `complete()` was called, or what it stands for: without subscribers the outbox is sent all the same, by several sessions perhaps. */
  endsGracefully(): void {
    this.#isGraceful = true;
  }

  /** An end by your code has begun. */
  endBegan(): void {
    this.#hasEnded = true;
  }

  // --- transports

  made(socket: FakeSocket): void {
    // A callback of the attempt may end it, or begin another one: the transport is closed as soon as it is made, which `atRest` checks.
    if (this.#alive.length > 0 && !this.#isFaulty()) this.violations.push('S7: a transport was made while another one is connecting or open');
    if (!this.#isWanted && !this.#isFaulty()) this.violations.push('S9: a transport was made without a subscriber');
    this.#transports.push({ socket, openedAt: null, end: null, endedAt: null, heardAt: Date.now(), closeEvent: null });
  }

  opened(socket: FakeSocket): void {
    const transport = this.#of(socket);
    if (transport && socket.closes.length === 0) transport.openedAt = Date.now();
    this.heard(socket);
  }

  /** Something has arrived. */
  heard(socket: FakeSocket): void {
    const transport = this.#of(socket);
    if (transport) transport.heardAt = Date.now();
  }

  closeCalled(socket: FakeSocket): void {
    const [code, ...more] = socket.closes.at(-1) ?? [];
    const isSendable = code === 1000 || (typeof code === 'number' && code >= 3000 && code <= 4999);
    if (!isSendable || more.some((reason) => typeof reason !== 'string')) this.violations.push(`S4: close(${socket.closes.at(-1)?.join()}) of a transport`);
    // One that was given up is closed again if it opens all the same.
    if (socket.closes.length > 1 && this.#of(socket)?.openedAt !== null) this.violations.push('S4: a transport was closed twice');
  }

  ended(socket: FakeSocket, code: number, wasClean: boolean): void {
    const transport = this.#of(socket);
    if (!transport) return;
    transport.end ??= { code, wasClean };
    transport.endedAt ??= Date.now();
  }

  /** A transport delivers a message. */
  delivered(socket: FakeSocket, message: number): boolean {
    const transport = this.#of(socket);
    const isHeard = transport !== undefined && transport.openedAt !== null && socket.readyState === 1 && transport.closeEvent === null;
    if (isHeard) this.#heard.add(message);
    return isHeard;
  }

  /** Whether subscribers may receive this message (S7, S18). */
  mayBeHeard(message: number): boolean {
    return this.#heard.has(message);
  }

  // --- what your code receives

  /** Checks the facts of a close, when the first callback has received it: it is the only one of its connection. */
  closed(event: CloseEvent): void {
    if (!event.opened || this.#transports.some(({ closeEvent }) => closeEvent === event)) return;
    const { code, sent, wasClean } = event;
    const { name, phase } = (event.cause ?? {}) as { name?: unknown; phase?: unknown };
    const isDead = name === 'WebSocketTimeoutError' && phase === 'heartbeat';
    // The newest: one that opened although it was given up has no close of its own.
    const transport = this.#transports.slice().reverse().find(({ socket, openedAt, end, closeEvent }) => {
      if (openedAt === null || closeEvent !== null || socket.readyState < 2) return false;
      if (sent && sent.code !== socket.closes[0]?.[0]) return false;
      return (end?.code === code && end.wasClean === wasClean) || (code === 1006 && !wasClean);
    });
    if (transport === undefined) {
      this.violations.push(`S1: a close ${code}${sent ? ` after our ${sent.code}` : ''} of no connection that has ended, or a second one`);
      return;
    }
    if (isDead && !this.#isFaulty() && Date.now() - transport.heardAt < this.#limits.pingTimeout) this.violations.push('S19: a heartbeat has ended a connection from which something had arrived');
    transport.closeEvent = event;
    transport.endedAt ??= Date.now();
  }

  /** A policy is asked about a close: it gets the number of the next retry. */
  decides(closeEvent: CloseEvent, attempt: number): void {
    this.closed(closeEvent);
    const expected = this.#base(closeEvent) + 1;
    if (attempt !== expected) this.violations.push(`S8: a policy was asked for attempt ${attempt}, not ${expected}`);
  }

  received(status: SocketStatus): void {
    const before = this.status;
    this.statuses.push(status);
    if (!before) return;
    const transition = `${placeOf(before)} → ${placeOf(status)}`;
    // The network opens no transport inside a callback, which only a fault can do.
    if (placeOf(before) !== placeOf(status) && !legal.has(transition) && !this.#isFaulty()) this.violations.push(`S10: the status went ${transition}`);
    if (before.state === status.state && status.state !== 'waiting') return;
    if (status.state === 'waiting') {
      const { attempt, closeEvent } = status;
      this.closed(closeEvent);
      const base = this.#base(closeEvent);
      // Your code has asked for another connection, but the server or the network may have ended this one first.
      const mayBeReplaced = this.#isFaulty() || (this.#isReplaced && closeEvent.initiator === 'local');
      const isReplaced = mayBeReplaced && closeEvent.code === 1000 && !this.#isFaulty();
      if (before.state !== 'waiting' && !(attempt === base + 1 && !isReplaced) && !(attempt === base && mayBeReplaced)) {
        this.violations.push(`S8: attempt ${attempt} follows ${closeEvent.attempt}, not ${isReplaced ? base : base + 1}`);
      }
    } else if (status.state === 'connecting') {
      const expected = before.state === 'waiting' ? before.attempt : 0;
      // Behind a custom operator nothing is decided yet inside a close: who subscribes there joins the session.
      const mayHaveJoined = this.#isFaulty() && before.state === 'open';
      if (status.attempt !== expected && !(status.attempt === 0 && this.#hasEnded) && !mayHaveJoined) this.violations.push(`S8: the connection has number ${status.attempt}, not ${expected}`);
      this.#isReplaced = this.#hasEnded = false;
    } else if (status.state === 'open' && before.state === 'connecting' && status.attempt !== before.attempt) {
      this.violations.push(`S8: connection ${before.attempt} has opened as ${status.attempt}`);
    }
  }

  // --- between steps, and at the end

  /** Checks what must hold whenever nothing is being done. */
  atRest(): void {
    const { closeTimeout, connectTimeout } = this.#limits;
    const { status } = this;
    const now = Date.now();
    const alive = this.#alive;
    if (alive.length > 1) this.violations.push('S7: more than one transport is connecting or open');
    if (alive.length > 0 && !this.#isWanted) this.violations.push('S9: a transport is connecting or open without a subscriber');
    if (!this.#isFaulty() && alive.some(({ openedAt, heardAt }) => openedAt === null && now - heardAt > connectTimeout)) {
      this.violations.push('S3: an attempt takes longer than connectTimeout');
    }
    if (!status) return;
    if (status.state === 'open' && !alive.some(({ openedAt }) => openedAt !== null)) this.violations.push("S10: the status says 'open', and no transport is");
    // An older session may still send its outbox.
    if (status.state === 'waiting' && alive.length > 0 && !this.#isGraceful) this.violations.push(`S10: the status says 'waiting', and a transport is ${alive[0]?.openedAt === null ? 'connecting' : 'open'}`);
    if (status.state === 'waiting' && status.why === 'delay' && (status.until ?? 0) < now) this.violations.push('S10: the wait is over, and nothing connects');
    if (status.state === 'closing' && now - status.since > closeTimeout) this.violations.push('S3: closing takes longer than closeTimeout');
  }

  /** Checks that nothing is left. */
  atEnd(): void {
    if (this.#alive.length > 0) this.violations.push('S7: a transport is left');
    if (this.status?.state !== 'closed') this.violations.push(`S10: the status is ${this.status?.state}`);
    if (this.#subscribers !== 0) this.violations.push(`S1: ${this.#subscribers} subscribers have no end`);
  }

  get #alive(): Transport[] {
    return this.#transports.filter(({ socket }) => socket.isAlive);
  }

  /** Whether a connection has a subscriber, or one may follow within `linger`, or a graceful end is under way. */
  get #isWanted(): boolean {
    return this.#subscribers > 0 || this.#isGraceful || Date.now() - this.#abandonedAt < this.#limits.linger;
  }

  /** The number that the next connection has if your code replaces the one that has ended (S8). */
  #base(closeEvent: CloseEvent): number {
    const { openedAt = null, endedAt = null } = this.#transports.find((one) => one.closeEvent === closeEvent) ?? {};
    const isStable = openedAt !== null && endedAt !== null && endedAt - openedAt >= this.#limits.stableAfter;
    return isStable ? 0 : closeEvent.attempt;
  }

  #of(socket: FakeSocket): Transport | undefined {
    return this.#transports.find((transport) => transport.socket === socket);
  }
}
