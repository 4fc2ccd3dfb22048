import { heartbeat, reconnectOnCode, webSocket, type SocketEvent, type WebSocketCtor } from '../../src/index.js';
import { CheckedSubscriber, type SubscribedConnections } from '../programs/laws/Subscriber.js';
import { Values } from '../programs/laws/Values.js';
import type { Fault } from '../server/WireLine.js';
import { WireProxy } from '../server/WireProxy.js';
import { idsPerConnection, TalkServer } from './TalkServer.js';
import { watchTransports } from './watchTransports.js';
import { decodeValue, encodeValue, overwrite } from './wireValue.js';

export interface Talk {
  readonly WebSocketCtor: WebSocketCtor;
  /** Whether both sides compress every message. */
  readonly deflates?: boolean;
  /** What goes wrong on the n-th connection. */
  readonly faults: readonly { readonly up?: Fault | undefined; readonly down?: Fault | undefined }[];
  /** From this connection on your code ends it; those before are ended by the server. By default the first without a fault. */
  readonly endedByClient?: number;
  readonly timeouts?: Timeouts;
}

/** Milliseconds. What is left out is longer than anything takes. */
interface Timeouts {
  /** `connectTimeout` of the first attempt. */
  readonly connect?: number;
  readonly close?: number;
  /** Of the heartbeat, and of a server that waits for the answer to its Close. */
  readonly silence?: number;
}

const long = 20_000;
/** Real transports are watched below, and messages have the number of their connection. */
const uncheckedConnections: SubscribedConnections = { closed: () => undefined, mayBeHeard: () => true, subscribed: () => undefined, unsubscribed: () => undefined };

export interface Outcome {
  /** What went against the laws. */
  readonly violations: string[];
  /** How each connection ended: code, initiator, and whether it had opened. */
  readonly closes: string[];
}

/** How many values each connection carries, in each direction, before it is ended. */
const values = 12;

/**
 * Lets a subject and a server talk through a proxy, over as many connections as there are faults and at least one more, until your code ends it. Values
 * are given to `next()` before the first open, with each message, and while the subject reconnects. The memory of each is overwritten at once.
 */
export async function talk({ WebSocketCtor, deflates = false, endedByClient, faults, timeouts = {} }: Talk): Promise<Outcome> {
  const { close = long, connect = long, silence = long } = timeouts;
  const lastIsFrom = endedByClient ?? faults.length;
  const server = await TalkServer.start(deflates, values, lastIsFrom, silence);
  const proxy = await WireProxy.to(server.port, { faultsOn: (connection) => faults[connection] });
  const ledger = new Values({ maxValues: 1_000, overflow: 'drop-newest', mayHaveRequests: false });
  const watched = watchTransports(WebSocketCtor, (transport, id) => ledger.send(transport, String(id), false));
  const subscriber = new CheckedSubscriber('events', 'events', uncheckedConnections);
  const violations: string[] = [];
  const closes: string[] = [];
  const delivered = new Map<number, number>();
  let connections = 0;
  let isEnding = false;

  const socket = webSocket<number | null, number | 'ping'>({
    url: () => `${proxy.url}/${connections++}`,
    WebSocketCtor: watched.WebSocketCtor,
    // Without `terminate()` a transport may not compress what it sends: then this is what the server does alone.
    transportOptions: () => ('terminate' in WebSocketCtor.prototype ? { closeTimeout: close, perMessageDeflate: deflates && { threshold: 0 } } : undefined),
    serializer: (value) => (value === 'ping' ? value : encodeValue(value)),
    deserializer: ({ data }) => decodeValue(data),
    connectTimeout: (attempt) => (attempt === 0 ? connect : long),
    closeTimeout: close,
  });
  const subject = socket.pipeEvents(
    heartbeat({ every: silence, timeout: silence, ...('ping' in WebSocketCtor.prototype ? {} : { ping: () => 'ping' as const }) }),
    reconnectOnCode(() => 0),
  );
  socket.warnings.subscribe((warning) => ledger.warned(warning));

  const send = (): void => {
    const id = ledger.accepted.length;
    subject.next(id);
    ledger.next(id, false);
    overwrite();
  };
  const receive = (id: number | null): void => {
    if (id === null) return; // garbage that is a valid message
    const connection = Math.floor(id / idsPerConnection);
    const count = delivered.get(connection) ?? 0;
    if (connection !== connections - 1) violations.push(`a message of connection ${connection} arrived on ${connections - 1}`);
    if (id % idsPerConnection !== count) violations.push(`message ${id} arrived as the ${count}. of its connection`);
    delivered.set(connection, count + 1);
    if (isEnding) return;
    send();
    if (connection < lastIsFrom || count < values) return;
    isEnding = true;
    ledger.endBegan();
    subject.complete();
  };
  const next = (event: SocketEvent<number | null, number | 'ping'>): void => {
    subscriber.event(event);
    ledger.received(event);
    if (event.type === 'message') receive(event.data);
    else if (event.type === 'reconnecting') {
      closes.push(inShort(event.closeEvent));
      send();
      send();
    } else if (event.type === 'close') closes.push(inShort(event));
  };

  for (let count = 0; count < 3; count++) send();
  await new Promise<void>((resolve) => subscriber.subscribe(subject.events, next, () => resolve(), () => undefined));
  await Promise.resolve(); // S2 is checked in a microtask

  ledger.atEnd(() => false);
  violations.push(...ledger.violations, ...subscriber.violations);
  if (watched.mostLive > 1) violations.push(`S7: ${watched.mostLive} live transports`);
  if (subscriber.log.filter((what) => what === '|' || what === '#').length !== 1) violations.push(`S1: terminals: ${subscriber.log.join()}`);
  for (const [connection, { received }] of server.connections) {
    const taken = watched.taken.get(connection) ?? [];
    if (received.some((id, index) => id !== taken[index])) violations.push(`S12: connection ${connection} took ${taken.join()}, and ${received.join()} arrived`);
  }
  if (closes.at(-1) === '1000 local') {
    const last = connections - 1;
    const [{ received, sent } = { received: [], sent: 0 }, taken] = [server.connections.get(last), watched.taken.get(last)];
    if (received.length !== taken?.length) violations.push(`a clean end lost ${taken?.slice(received.length).join()}`);
    if ((delivered.get(last) ?? 0) > sent) violations.push('more messages were delivered than sent');
  }
  proxy.dispose();
  server.dispose();
  return { violations, closes };
}

const inShort = ({ code, initiator, opened }: { code: number; initiator: string; opened: boolean }): string =>
  `${code} ${initiator}${opened ? '' : ', not opened'}`;
