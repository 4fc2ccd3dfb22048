import type { Observable } from 'rxjs';
import { expect, inject } from 'vitest';
import {
  webSocket, type CloseEvent, type SocketStatus, type SocketWarning, type WebSocketCtor, type WebSocketSubject, type WebSocketSubjectConfig,
} from '../../../src/index.js';
import type { Behaviour } from '../../server/protocol.js';
import { serverAt, type Peer, type ServerHandle } from '../../server/serverAt.js';
import { Recording, type AnyCloseEvent, type AnyEvent, type RecordingOptions } from './Recording.js';
import { watchUncaught } from './uncaught.js';

/** The transport that the suite tests. */
export interface Transport {
  /** Names the column of the table, together with the runtime: `ws`, `undici`, `native`, `platform`. */
  readonly name: string;
  /** The class to connect with; without one the library's default is tested. */
  readonly WebSocketCtor?: WebSocketCtor;
  /** Whether it has `terminate()`. */
  readonly terminates: boolean;
  /** Whether it shows the answer of a server that refuses the opening handshake, takes a timeout for the end of TCP, and sends pings. */
  readonly isWs?: boolean;
  /** Whether it can be paused. */
  readonly pauses?: boolean;
  /** Its own server, where it does not speak to the wire server. */
  readonly server?: ServerHandle;
}

export type Socket = WebSocketSubject<unknown>;
type Config = Partial<WebSocketSubjectConfig<unknown>>;

/** What one test needs: servers, subjects over the transport, recordings; and afterwards a check that nothing is left. */
export class Lab {
  private readonly server: ServerHandle;
  private peers: Peer[] = [];
  private sockets: Socket[] = [];
  private recordings: Recording[] = [];
  private readonly heard = new WeakMap<Socket, SocketWarning[]>();
  private watch = watchUncaught();

  constructor(readonly transport: Transport) {
    this.server = transport.server ?? serverAt(inject('serverUrl'));
  }

  async peer(...behaviours: Behaviour[]): Promise<Peer> {
    const peer = await this.server.peer(...behaviours);
    this.peers.push(peer);
    return peer;
  }

  closedUrl(): Promise<string> {
    return this.server.closedUrl();
  }

  socket(peer: Peer | string, config: Config = {}): Socket {
    const { WebSocketCtor } = this.transport;
    const socket = webSocket<unknown>({
      url: typeof peer === 'string' ? peer : peer.url,
      ...(WebSocketCtor ? { WebSocketCtor } : {}),
      ...config,
    });
    const warnings: SocketWarning[] = [];
    socket.warnings.subscribe((warning) => warnings.push(warning));
    this.heard.set(socket, warnings);
    this.sockets.push(socket);
    return socket;
  }

  /** The warnings of a subject that `socket()` made. */
  warnings(socket: Socket): SocketWarning[] {
    const warnings = this.heard.get(socket);
    if (!warnings) throw new Error('not a socket of this lab');
    return warnings;
  }

  record(source: Observable<AnyEvent>, options: RecordingOptions = {}): Recording {
    const recording = new Recording(source, options);
    this.recordings.push(recording);
    return recording;
  }

  /** A subject with one open connection. */
  async open(behaviour: Behaviour = {}, config: Config = {}): Promise<{ peer: Peer; socket: Socket; recording: Recording }> {
    const peer = await this.peer(behaviour);
    const socket = this.socket(peer, config);
    const recording = this.record(socket.events);
    await recording.until('open');
    return { peer, socket, recording };
  }

  /** A message each way proves that a connection is usable. */
  async roundTrip(socket: Socket, recording: Recording, peer: Peer, connection = 0): Promise<void> {
    const sent = (await peer.at(connection).texts(0)).length;
    const received = recording.messages.length;
    socket.next({ ask: sent });
    expect((await peer.at(connection).jsons(sent + 1)).at(-1)).toEqual({ ask: sent });
    await peer.at(connection).json({ answer: received });
    expect((await recording.until('message', received + 1)).data).toEqual({ answer: received });
  }

  /**
   * Runs a whole session with another server: all pending events have been delivered after it. Not while a handshake is held: Chromium
   * makes one connection to a server at a time.
   */
  async settled(): Promise<void> {
    const { socket, recording } = await this.open();
    socket.close();
    await recording.ended;
  }

  begin(): void {
    this.watch = watchUncaught();
  }

  /** Ends what a test left open and checks what holds after every test: the grammar, the frames, no uncaught error. */
  async end(): Promise<void> {
    for (const recording of this.recordings) recording.unsubscribe();
    for (const socket of this.sockets) socket.unsubscribe();
    const faults: string[] = [];
    for (const peer of this.peers) {
      faults.push(...(await peer.logs()).flatMap((log) => log.faults));
      await peer.dispose();
    }
    const uncaught = this.watch.stop();
    const { recordings } = this;
    this.peers = [];
    this.sockets = [];
    this.recordings = [];
    expect(uncaught).toEqual([]);
    expect(faults).toEqual([]);
    for (const recording of recordings) recording.check();
  }
}

export function statusOf(socket: Socket): SocketStatus {
  let status: SocketStatus | undefined;
  socket.status.subscribe((now) => (status = now)).unsubscribe();
  if (!status) throw new Error('status replayed nothing');
  return status;
}

/** How the session ended, by the status; `undefined` while it has not. */
export function endOf(socket: Socket): CloseEvent | null | undefined {
  const status = statusOf(socket);
  return status.state === 'closed' ? status.closeEvent : undefined;
}

/** The facts of a close that do not depend on time. */
export function facts(event: AnyCloseEvent): Record<string, unknown> {
  const { type, code, reason, wasClean, initiator, opened, attempt, sent, unsent } = event;
  return { type, code, reason, wasClean, initiator, opened, attempt, sent, unsent };
}

/** The default `facts`: a clean close by the server of a first connection that was open. */
export function cleanClose(differences: Record<string, unknown>): Record<string, unknown> {
  return {
    type: 'close', code: 1000, reason: '', wasClean: true, initiator: 'remote', opened: true, attempt: 0, sent: null, unsent: [],
    ...differences,
  };
}

/** The facts of a connection that was lost or never was. */
export function lostConnection(differences: Record<string, unknown>): Record<string, unknown> {
  return cleanClose({ code: 1006, wasClean: false, initiator: 'transport', ...differences });
}
