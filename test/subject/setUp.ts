import { webSocket, type CloseEvent, type SocketStatus, type SocketWarning, type WebSocketSubject } from '../../src/index.js';
import type { WebSocketSubjectConfig } from '../../src/index.js';
import { defaultConnectTimeout } from '../../src/config/settings.js';
import { testServer, type TestConnection, type TestServer, type TestServerOptions } from '../../src/testing/index.js';
import { fakeSockets } from './FakeSocket.js';
import type { Recorded } from './recorded.js';

type Config<T> = Partial<WebSocketSubjectConfig<T>>;

/** A subject with its warnings and statuses. */
interface Scene<T> {
  socket: WebSocketSubject<T>;
  warnings: SocketWarning[];
  statuses: SocketStatus[];
}

/**
 * A server in memory that does nothing by itself but answer Close, and its latest connection. Its sockets are like those of `ws`, which deliver messages
 * after our Close, too.
 */
export function manualServer(options: TestServerOptions = {}): { server: TestServer; last: () => TestConnection } {
  const server = testServer({ accept: 'manual', ...options, like: options.like ?? 'ws' });
  const last = (): TestConnection => {
    const connection = server.connections.at(-1);
    if (connection === undefined) throw new Error('no connection was made');
    return connection;
  };
  return { server, last };
}

/** The connections that are connecting or open. */
export const alive = ({ connections }: TestServer): TestConnection[] => connections.filter(({ state }) => state === 'connecting' || state === 'open');

/** A subject of a server in memory. Attempts have the default timeout, so that a test sees one of its timers that is left. */
export function setUp<T = number>(config: Config<T> = {}, options?: TestServerOptions): Scene<T> & ReturnType<typeof manualServer> {
  const made = manualServer(options);
  return { ...made, ...scene({ WebSocketCtor: made.server.WebSocket, connectTimeout: defaultConnectTimeout, ...config }) };
}

/** A subject on transports that may break the rules. */
export function setUpFake<T = number>(config: Config<T> = {}): Scene<T> & { sockets: ReturnType<typeof fakeSockets> } {
  const sockets = fakeSockets();
  return { sockets, ...scene({ WebSocketCtor: sockets.WebSocketCtor, ...config }) };
}

function scene<T>(config: Config<T>): Scene<T> {
  const socket = webSocket<T>({ url: 'ws://fake', ...config });
  const warnings: SocketWarning[] = [];
  const statuses: SocketStatus[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  socket.status.subscribe((status) => statuses.push(status));
  return { socket, warnings, statuses };
}

/** The `CloseEvent` that a stream ended with. */
export function lastClose({ events }: Recorded): CloseEvent {
  const last = events.at(-1);
  if (last?.type !== 'close') throw new Error('the last event is no close');
  return last;
}
