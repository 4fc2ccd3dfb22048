import type { Subscription } from 'rxjs';
import { topics, webSocket, type SocketOperator, type SocketWarning, type TopicsOptions, type WebSocketSubjectConfig } from '../../src/index.js';
import { manualServer } from '../subject/setUp.js';

export interface Message {
  key?: string;
  n: number;
}
type Options = Partial<TopicsOptions<Message, string, string> & Pick<WebSocketSubjectConfig<Message, string>, 'serializer' | 'outbox' | 'WebSocketCtor'>>;

/** A consumer of a topic: the numbers that it received, and its terminal. */
export interface Watcher {
  readonly log: unknown[];
  leave(): void;
}

/** Topics of a subject of a server in memory. `+a` requests a, `+a@3` requests the messages after 3, `-a` ends it. */
export function setUp({ outbox, serializer, WebSocketCtor, ...options }: Options = {}, ...operators: SocketOperator<Message, string>[]) {
  const { last, server } = manualServer();
  const config = { url: 'ws://fake', WebSocketCtor: WebSocketCtor ?? server.WebSocket, outbox, ...(serializer ? { serializer } : {}) };
  const socket = webSocket<Message, string>(config).pipeEvents(...operators);
  const topic = topics(socket, {
    keyOf: ({ key }: Message) => key,
    subscribe: (key: string, latest) => (latest === undefined ? `+${key}` : `+${key}@${latest.n}`),
    unsubscribe: (key) => `-${key}`,
    ...options,
  });
  const warnings: SocketWarning[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));

  return {
    last,
    server,
    socket,
    topic,
    warnings,
    /** Subscribes to a topic; `hook` is called in each message, after it was logged. */
    watch(key: string, hook: (n: number) => void = () => undefined): Watcher {
      const log: unknown[] = [];
      const subscription: Subscription = topic(key).subscribe({
        next: ({ n }) => {
          log.push(n);
          hook(n);
        },
        complete: () => log.push('complete'),
        error: (error: unknown) => log.push((error as Error).name === 'Error' ? (error as Error).message : (error as Error).name),
      });
      return { log, leave: () => subscription.unsubscribe() };
    },
    message: (key: string, n: number) => last().send({ key, n }),
    /** The sent values of each connection. */
    sent: () => server.connections.map(({ received }) => received),
  };
}
