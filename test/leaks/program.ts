import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { BehaviorSubject, NEVER } from 'rxjs';
import { WebSocket as UndiciSocket } from 'undici';
import { WebSocket, WebSocketServer } from 'ws';
import { after, closeGracefully, heartbeat, reconnectOnCode, suspendWhile, webSocket, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import type { Report } from './report.js';

/**
 * Runs as a separate process and reports what keeps that alive. It contains a server that accepts connections and one that never answers a handshake:
 * the server ends of the connections are counted too.
 */
interface Servers {
  accepting: WebSocketServer;
  silent: Server;
  /** The sockets that the silent server has accepted. */
  held: Set<Socket>;
}

interface Session {
  socket: WebSocketSubject<unknown>;
  status(): SocketStatus;
  until(state: SocketStatus['state']): Promise<void>;
  suspend: BehaviorSubject<boolean>;
  unsubscribe(): void;
}

const portOf = (server: { address(): AddressInfo | string | null }): number => (server.address() as AddressInfo).port;
const nextMacrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Runs the event loop until a condition holds, or gives up: a leaked timer would run for minutes. */
async function runUntil(holds: () => boolean): Promise<void> {
  for (let turns = 0; turns < 20_000 && !holds(); turns++) await nextMacrotask();
}

const resources = (): string[] => process.getActiveResourcesInfo().filter((name) => name !== 'Immediate').sort();

function session(url: string | (() => typeof NEVER), WebSocketCtor: unknown): Session {
  const suspend = new BehaviorSubject(false);
  const base = webSocket<unknown>({ url: url as string, WebSocketCtor: WebSocketCtor as never });
  let present: SocketStatus = { state: 'idle', queued: 0 };
  let changed = (): void => undefined;
  base.status.subscribe((status) => {
    present = status;
    changed();
  });
  const socket = base.pipeEvents(
    heartbeat({ every: 60_000, timeout: 60_000, ping: () => 'ping' }),
    reconnectOnCode(after(600_000)),
    suspendWhile(suspend),
    closeGracefully(NEVER),
  );
  const subscription = socket.subscribe({ error: () => undefined });
  return {
    socket,
    suspend,
    status: () => present,
    until: (state) => new Promise((resolve) => {
      changed = () => {
        if (present.state === state) resolve();
      };
      changed();
    }),
    unsubscribe: () => subscription.unsubscribe(),
  };
}

const phases: Record<string, (servers: Servers, WebSocketCtor: unknown) => Promise<Session>> = {
  'its url pending': (_, ctor) => Promise.resolve(session(() => NEVER, ctor)),
  connecting: async ({ silent, held }, ctor) => {
    const made = session(`ws://127.0.0.1:${portOf(silent)}`, ctor);
    await runUntil(() => held.size > 0);
    return made;
  },
  open: async ({ accepting }, ctor) => {
    const made = session(`ws://127.0.0.1:${portOf(accepting)}`, ctor);
    await made.until('open');
    return made;
  },
  closing: async (servers, ctor) => {
    const made = await phases['open']!(servers, ctor);
    made.socket.close(4000);
    return made;
  },
  waiting: async (servers, ctor) => {
    const made = await phases['open']!(servers, ctor);
    for (const client of servers.accepting.clients) client.terminate();
    await made.until('waiting');
    return made;
  },
  suspended: async (servers, ctor) => {
    const made = await phases['open']!(servers, ctor);
    made.suspend.next(true);
    await made.until('waiting');
    return made;
  },
};

const ends: Record<string, (made: Session) => void> = {
  'close()': ({ socket }) => socket.close(4001, 'done'),
  'complete()': ({ socket }) => socket.complete(),
  'error()': ({ socket }) => socket.error(new Error('done')),
  'the last unsubscribe': ({ unsubscribe }) => unsubscribe(),
};

const transports: Record<string, unknown> = {
  ws: WebSocket,
  undici: UndiciSocket,
  ...('WebSocket' in globalThis ? { native: globalThis.WebSocket } : {}),
};

async function start(): Promise<Servers> {
  const accepting = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const held = new Set<Socket>();
  const silent = createServer((socket) => {
    held.add(socket);
    socket.resume();
    socket.on('error', () => undefined);
    socket.on('close', () => held.delete(socket));
  });
  await new Promise((resolve) => accepting.once('listening', resolve));
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  return { accepting, silent, held };
}

/** Runs a session on one transport, ends it in one phase in one way, and reports what it leaks. */
async function run(servers: Servers, transport: string, phase: string, end: string): Promise<Report> {
  const before = resources();
  const made = await phases[phase]!(servers, transports[transport]);
  const during = resources();
  ends[end]!(made);
  await made.until('closed');
  // The sockets of both sides close shortly after the status says so.
  await runUntil(() => resources().join() === before.join());
  return { transport, phase, end, before, during, after: resources(), observed: made.suspend.observed };
}

async function main(): Promise<void> {
  const servers = await start();
  const reports: Report[] = [];
  for (const transport of Object.keys(transports)) {
    const first = await phases['open']!(servers, transports[transport]);
    first.socket.close(); // so that whatever a transport keeps for good is part of `before`
    await runUntil(() => servers.accepting.clients.size === 0);
    for (const phase of Object.keys(phases)) for (const end of Object.keys(ends)) reports.push(await run(servers, transport, phase, end));
  }
  servers.accepting.close();
  servers.silent.close();
  process.stdout.write(JSON.stringify(reports));
}

await main();
