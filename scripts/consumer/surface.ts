// User code that scripts/check-consumers.mjs compiles against the packed package: the public surface as the README and the docs show it.
import { NEVER, Observable, Subject, lastValueFrom, of, retry } from 'rxjs';
import {
  CloseCode,
  CloseEvent,
  DeserializeError,
  InboxOverflowError,
  OutboxOverflowError,
  SchemaError,
  SerializeError,
  WebSocketCloseError,
  WebSocketSubject,
  WebSocketTimeoutError,
  after,
  atMost,
  between,
  closeEvent,
  closeGracefully,
  describeCloseCode,
  drained,
  explainPolicy,
  exponential,
  isSendableCloseCode,
  iterate,
  messages,
  onOpen,
  pageCached,
  pageWake,
  ping,
  reconnectOnCode,
  sequence,
  stop,
  suspendWhile,
  toWebStreams,
  webSocket,
  withSchema,
  within,
} from 'websocket-subject';
import type {
  CleanCloseEvent,
  CodeTable,
  InboxOptions,
  ReconnectAttempt,
  ReconnectPolicy,
  SocketEvent,
  SocketOpen,
  SocketOperator,
  SocketReconnecting,
  SocketStatus,
  SocketWarning,
  StandardSchema,
  UncleanCloseEvent,
  WebSocketCtor,
  WebSocketLike,
  WebSocketSubjectConfig,
  WebStreams,
} from 'websocket-subject';
import * as operators from 'websocket-subject/operators';
import { attemptAfter, closedWith, message, opened, testServer, type TestConnection, type TestServer } from 'websocket-subject/testing';

type Incoming = { op: 'quote'; symbol: string; price: number } | { op: 'pong' };
type Outgoing = { op: 'watch'; symbol: string } | { op: 'ping' };

/** Fails to compile unless both types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const proven = <Claim extends true>(...claims: Claim[]): number => claims.length;

const socket = webSocket<Incoming, Outgoing>('wss://quotes.example.com').pipeEvents(reconnectOnCode({ 4401: stop, '4000-4099': after(1_000) }));
proven<Same<typeof socket, WebSocketSubject<Incoming, Outgoing>>>();

socket.subscribe({
  next: (message) => {
    if (message.op === 'quote') console.log(message.symbol, message.price.toFixed(2));
  },
  error: (error: WebSocketCloseError) => {
    console.log(error.code, error.reason, error.wasClean, error.event.initiator, error.cause);
  },
});
socket.next({ op: 'watch', symbol: 'EURUSD' });
// @ts-expect-error an incoming message may not be sent
socket.next({ op: 'pong' });

export const describe = (event: SocketEvent<Incoming, Outgoing>): string => {
  switch (event.type) {
    case 'connecting':
      return `attempt ${String(event.attempt)}`;
    case 'open':
      event.send({ op: 'ping' });
      return event.protocol + event.url;
    case 'message':
      return event.data.op;
    case 'reconnecting':
      return `in ${event.delay.toFixed()} ms, after ${event.closeEvent.code.toFixed()}`;
    case 'close': {
      if (event.wasClean) {
        const clean: CleanCloseEvent = event;
        return clean.reason;
      }
      const unclean: UncleanCloseEvent = event;
      return unclean.initiator;
    }
  }
};

export const end = async (): Promise<void> => {
  const last = await lastValueFrom(socket.events);
  if (last.type === 'close') console.log(last.code, last.unsent.length, last.sent?.code, last.uptime, last.opened);
};

socket.status.subscribe((status: SocketStatus) => {
  if (status.state === 'waiting') console.log(status.until, status.closeEvent.code);
  if (status.state === 'closed' && status.closeEvent !== null) console.log(describeCloseCode(status.closeEvent.code));
});
socket.warnings.subscribe((warning: SocketWarning) => {
  console.log(warning.kind);
});

const inbox: InboxOptions = { highWaterMark: 8, pause: false, overflow: 'latest' };
export const pull = async (): Promise<string> => {
  for await (const message of iterate(socket)) if (message.op === 'pong') break;
  for await (const message of iterate(socket, inbox)) if (message.op === 'quote') return message.symbol;
  await drained(socket);
  const streams: WebStreams<Incoming, Outgoing> = toWebStreams(socket, inbox);
  await streams.writable.getWriter().write({ op: 'ping' });
  // @ts-expect-error an incoming message may not be sent
  await streams.writable.getWriter().write({ op: 'pong' });
  for await (const message of streams.readable) console.log(message.op);
  const { done, value } = await streams.readable.getReader().read();
  return done ? (await streams.closed).reason : value.op;
};

socket.reconnect();
socket.close();
socket.close(1000);
socket.close(4000, 'x');
socket.close(4000 as number);
// @ts-expect-error 1001 may not be sent
socket.close(1001);
// @ts-expect-error an operator on socket events, not on messages
socket.pipe(reconnectOnCode());

const policy: ReconnectPolicy = atMost(5, within(60_000, exponential({ base: 100, factor: 2, max: 10_000 })));
const table: CodeTable = { 1012: between(100, 200), 1013: sequence([1, 2, 3]), '4000-4099': policy };
const decisions: readonly ('stop' | 'retry' | 'depends')[] = explainPolicy(table).entries.map(({ decision }) => decision);
console.log(decisions, String(explainPolicy(policy)), explainPolicy().toMarkdown(({ decidedBy }) => decidedBy === 'table'));
const own = (attempt: ReconnectAttempt): number | null => (attempt.closeEvent.code === CloseCode.ServiceRestart ? attempt.attempt * 10 : null);

const shutdown = new Subject<void>();
const gracefully: SocketOperator<Incoming, Outgoing> = closeGracefully(shutdown, { code: 4000, reason: 'bye', timeout: 1_000, until: NEVER });
const derived = webSocket<Incoming, Outgoing>({ url: () => Promise.resolve(new URL('ws://127.0.0.1:1')) }).pipeEvents(reconnectOnCode(table), gracefully);
proven<Same<typeof derived, WebSocketSubject<Incoming, Outgoing>>>();
const more = webSocket<Incoming, Outgoing>('ws://127.0.0.1:1').pipeEvents(reconnectOnCode(own), closeGracefully(new AbortController().signal));
const inPage = webSocket<Incoming, Outgoing>('ws://127.0.0.1:1').pipeEvents(
  onOpen((open) => {
    ping(open).then((ms: number) => { console.log(ms.toFixed()); }, console.warn);
  }),
  reconnectOnCode({}, { wake: pageWake() }),
  suspendWhile(pageCached()),
);
proven<Same<typeof inPage, WebSocketSubject<Incoming, Outgoing>>>();
const plain: Observable<Incoming> = more.events.pipe(messages());
const ends: Observable<CleanCloseEvent | UncleanCloseEvent> = more.events.pipe(closeEvent());
plain.pipe(retry(1)).subscribe();
ends.subscribe((event) => {
  console.log(event.wasClean);
});

class Mock implements WebSocketLike {
  onopen: unknown = null;
  onmessage: unknown = null;
  onerror: unknown = null;
  onclose: unknown = null;
  constructor(readonly url: string) {}
  send(data: string): void {
    console.log(data);
  }
  close(code?: number, reason?: string): void {
    console.log(code, reason);
  }
}
const ctor: WebSocketCtor = Mock;
const config: WebSocketSubjectConfig<string> = {
  url: new URL('ws://127.0.0.1:1'),
  protocol: ['a', 'b'],
  WebSocketCtor: ctor,
  serializer: (value) => value.toUpperCase(),
  deserializer: ({ data }) => String(data),
  binaryType: 'arraybuffer',
  openObserver: { next: () => undefined },
  closingObserver: { next: () => undefined },
  closeObserver: { next: (event) => { console.log(event.code, event.reason); } },
  connectTimeout: (attempt) => 1_000 * attempt,
  closeTimeout: 1_000,
  stableAfter: 1_000,
  outbox: { maxValues: 10, overflow: 'throw' },
  unsubscribeCode: 4000,
};
const text = webSocket(config);
proven<Same<typeof text, WebSocketSubject<string>>>();
of('a', 'b').subscribe(text);
text.multiplex(() => 'sub', () => 'unsub', (message) => message.length > 0).subscribe();
text.asObservable().subscribe();
console.log(text.closed, text.observed, text instanceof WebSocketSubject, text instanceof Observable);
text.error({ code: 4000, reason: 'over' });
text.complete();
text.unsubscribe();

/** The types of @standard-schema/spec 1.0, which libraries declare for their schemas. */
interface SpecSchema<Input, Output> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SpecResult<Output> | Promise<SpecResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}
type SpecResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: ReadonlyArray<{ readonly message: string; readonly path?: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }> | undefined }> };
declare const spec: SpecSchema<{ at: string }, { at: Date } | 'none'>;
const handWritten: StandardSchema<number> = {
  '~standard': { version: 1, vendor: 'by hand', validate: (value) => (typeof value === 'number' ? { value } : { issues: [{ message: 'no' }] }) },
};
const url = 'ws://127.0.0.1:1';
export const schemas = (): void => {
  const inferred = webSocket({ url, deserializer: withSchema(spec) });
  const read = webSocket({ url, deserializer: withSchema(spec, ({ data }): unknown => data), serializer: (value: Outgoing) => JSON.stringify(value) });
  const written = webSocket<number, Outgoing>({ url, deserializer: withSchema(handWritten) });
  const constructed = new WebSocketSubject({ url, deserializer: withSchema(handWritten, (): unknown => 1) });
  const built: WebSocketSubjectConfig<number, string> = { url, deserializer: withSchema(handWritten) };
  const fromBuilt = webSocket(built);
  proven<Same<typeof inferred, WebSocketSubject<{ at: Date } | 'none'>>>();
  proven<Same<typeof read, WebSocketSubject<{ at: Date } | 'none', Outgoing>>>();
  proven<Same<typeof written, WebSocketSubject<number, Outgoing>>>();
  proven<Same<typeof constructed, WebSocketSubject<number>>>();
  proven<Same<typeof fromBuilt, WebSocketSubject<number, string>>>();
  // @ts-expect-error a schema of another type
  webSocket<string>({ url, deserializer: withSchema(handWritten) });
};

// Our CloseEvent is an Event of the consumer's own lib.
const event = new CloseEvent('close', { code: 1000, reason: 'x', wasClean: true });
new EventTarget().dispatchEvent(event);
const asEvent: Event = event;
console.log(asEvent.type, isSendableCloseCode(event.code), CloseCode.NormalClosure);

for (const kind of [WebSocketCloseError, OutboxOverflowError, SerializeError, DeserializeError, InboxOverflowError, SchemaError, WebSocketTimeoutError]) console.log(kind.name);

proven<
  | Same<typeof operators.messages, typeof messages>
  | Same<typeof operators.reconnectOnCode, typeof reconnectOnCode>
  | Same<typeof operators.closeGracefully, typeof closeGracefully>
  | Same<typeof operators.closeEvent, typeof closeEvent>
>();
export type Kept = [SocketOpen<Incoming, Outgoing>, SocketReconnecting];

export const testing = async (): Promise<void> => {
  const server: TestServer = testServer({ accept: 'manual', like: 'ws', random: () => 0 });
  const tested = server.run(() => webSocket<Incoming, Outgoing>({ url: 'wss://quotes.example.com', WebSocketCtor: server.WebSocket }));
  const connection: TestConnection = await server.connection('wss://quotes.example.com');
  connection.send({ op: 'pong' });
  server.page.offline();
  // @ts-expect-error no such mode
  testServer({ accept: 'later' });
  const events: SocketEvent<Incoming, Outgoing>[] = [opened<Incoming, Outgoing>(), message<Incoming>({ op: 'pong' }), closedWith(1012)];
  console.log(tested, events, within(1_000, after(10))(attemptAfter(closedWith(1012))));
};
