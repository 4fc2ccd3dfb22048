import { config as rxjsConfig, type Observable } from 'rxjs';
import { vi } from 'vitest';
import type * as source from '../../src/index.js';
import type {
  CloseEvent, SocketConnecting, SocketEvent, SocketOpen, SocketReconnecting, SocketWarning, WebSocketCtor, WebSocketSubject, WebSocketSubjectConfig,
} from '../../src/index.js';
import { plain, type Variant } from './callbacks.js';
import { Consumers } from './Consumers.js';
import type { Plan } from './faults.js';
import { Connections } from './laws/Connections.js';
import { CheckedSubscriber } from './laws/Subscriber.js';
import { sentByEvent, subscribeRequest, unsubscribeRequest, Values } from './laws/Values.js';
import { operatorsOf } from './operators.js';
import { Results } from './Results.js';
import { SimulatedTransport } from './SimulatedTransport.js';

export type Library = typeof source;

/**
 * A subject with every callback that your code can give, and its network. Each callback does its work, and has the faults that the plan injects. What
 * happens is reported to the laws.
 */
export class Simulation {
  readonly variant: Variant;
  readonly values: Values;
  readonly connections: Connections;
  readonly violations: string[] = [];
  readonly subscribers: CheckedSubscriber[] = [];
  readonly made: SimulatedTransport[] = [];
  readonly stopping = new AbortController();
  readonly aborting = new AbortController();
  readonly calls = new Map<string, number>();
  readonly results: Results;
  readonly consumers: Consumers;
  readonly socket: WebSocketSubject<unknown>;
  readonly derived: WebSocketSubject<unknown>;
  readonly derivedEvents: Observable<SocketEvent<unknown>>;
  /** Whether faults are injected: not while the subject is put together, nor once the scenario is over. */
  isArmed = false;
  /** How many faults were injected. */
  injected = 0;
  connecting: SocketConnecting | undefined;
  open: SocketOpen<unknown> | undefined;
  reconnecting: SocketReconnecting | undefined;
  readonly #plan: Plan;
  readonly library: Library;
  #next = 0;
  #messages = 0;

  constructor(plan: Plan, variant: Partial<Variant>, library: Library) {
    this.#plan = plan;
    this.library = library;
    this.variant = { ...plain, ...variant };
    const { linger, overflow, stableAfter } = this.variant;
    this.values = new Values({ maxValues: overflow ? 2 : 1_000, overflow: overflow ?? 'drop-newest', mayHaveRequests: overflow === null });
    this.connections = new Connections({ linger, stableAfter, connectTimeout: 10_000, closeTimeout: 5_000, pingTimeout: 100 }, () => this.injected > 0);
    this.results = new Results(this.variant.results, (name, work) => this.call(name, work));
    rxjsConfig.onUnhandledError = (error) => this.#unhandled(error);
    this.socket = library.webSocket<unknown>(this.#config());
    this.derived = this.socket.pipeEvents(...operatorsOf(this));
    this.consumers = new Consumers(library, this.derived, (name, work) => this.call(name, work));
    this.derivedEvents = this.variant.isPiped ? operatorsOf(this).reduce((events, operator) => operator(events), this.socket.events) : this.derived.events;
    if (this.variant.hasWarnings) {
      this.socket.warnings.subscribe((warning) => this.values.warned(warning));
      this.socket.warnings.subscribe(() => this.call('warnings next', () => undefined));
    }
    this.socket.status.subscribe((status) => {
      this.connections.received(status);
      this.values.status(status);
    });
    this.results.isArmed = true;
    this.isArmed = true;
    this.socket.status.subscribe(() => this.call('status next', () => undefined));
  }

  /** Calls a callback: it does its work, and has the fault that the plan injects into this call, before or after. */
  call<T>(name: string, work: () => T, order: 'before' | 'after' = 'before', self?: CheckedSubscriber): T {
    if (!this.isArmed) return work();
    const count = (this.calls.get(name) ?? 0) + 1;
    this.calls.set(name, count);
    const fault = this.#plan(name, count);
    if (fault === undefined) return work();
    this.injected++;
    this.values.faulty.add(name);
    if ('error' in fault) throw this.values.threw(name, fault.error(name));
    if ('result' in fault) return fault.result() as T;
    if (order === 'after') {
      const result = work();
      fault.act(this, self);
      return result;
    }
    fault.act(this, self);
    return work();
  }

  /** Does something that your code or the network does; what it throws must be allowed. */
  do(what: string, act: () => void, isAllowed: (error: unknown) => boolean = () => false): void {
    try {
      act();
    } catch (error) {
      this.values.reported(error);
      if (!isAllowed(error)) this.violations.push(`${what} threw ${String(error)}`);
    }
  }

  /** Sends a value, and enters it in the ledger (S13). */
  next(): void {
    const value = this.#next++;
    this.do('next()', () => {
      this.socket.next(value);
      this.values.next(value, false);
    }, (error) => {
      const { name } = error as Error;
      if (name === 'OutboxOverflowError') this.values.next(value, true);
      return name === 'OutboxOverflowError' || name === 'SerializeError' || this.values.isOf(error, 'transport.send');
    });
  }

  /** Sends a value, and wants to know what becomes of it. */
  sendValue(): void {
    const value = this.#next++;
    this.do('send()', () => this.values.promised(value, this.socket.send(value)));
  }

  /** Subscribes to a stream, for its callbacks only. */
  subscribeValues<T>(name: string, stream: Observable<T>): void {
    const subscriber = new CheckedSubscriber(name, 'part', this.connections);
    subscriber.subscribe(stream, () => this.call(`${name} next`, () => undefined, 'before', subscriber), (terminal) => {
      this.call(`${name} ${terminal === '|' ? 'complete' : 'error'}`, () => undefined, 'before', subscriber);
    }, () => this.call(`${name} finalizer`, () => undefined, 'before', subscriber));
  }

  /** Subscribes to events; the name is that of the callbacks. */
  subscribeEvents(stream: Observable<SocketEvent<unknown>>, name = 'a later subscriber'): CheckedSubscriber {
    const subscriber = new CheckedSubscriber(name, 'events', this.connections);
    subscriber.checksGrammar = !this.variant.hasCustomOperator;
    this.subscribers.push(subscriber);
    const callBack = (what: string) => this.call(`${name} ${what}`, () => undefined, 'before', subscriber);
    subscriber.subscribe(stream, (event) => {
      this.values.received(event);
      subscriber.event(event);
      this.#remember(event, name === 'events');
      callBack(event.type);
    }, (terminal) => {
      if (terminal === '#') this.values.reported(subscriber.error);
      callBack(terminal === '|' ? 'complete' : 'error');
    }, () => callBack('finalizer'));
    return subscriber;
  }

  subscribeMessages(stream: Observable<unknown>, name = 'a later subscriber of messages'): CheckedSubscriber {
    const subscriber = new CheckedSubscriber(name, 'values', this.connections);
    this.subscribers.push(subscriber);
    const callBack = (what: string) => this.call(`${name} ${what}`, () => undefined, 'before', subscriber);
    subscriber.subscribe(stream, (value) => {
      if (name === 'closeEvent') this.values.closed(value as CloseEvent);
      else subscriber.message(value);
      callBack('next');
    }, (terminal) => {
      if (terminal === '#') this.values.reported(subscriber.error);
      callBack(terminal === '|' ? 'complete' : 'error');
    }, () => callBack('finalizer'));
    return subscriber;
  }

  /** Subscribes to every stream that has no subscriber. */
  subscribe(): void {
    const live = new Set(this.subscribers.filter(({ isLive }) => isLive).map(({ name }) => name));
    const events = { derived: () => this.derivedEvents, events: () => this.socket.events };
    for (const [name, stream] of Object.entries(events)) if (!live.has(name)) this.do('subscribe', () => this.subscribeEvents(stream(), name));
    const { derived, socket, variant, derivedEvents } = this;
    const library = this.library;
    const messages = {
      'derived messages': () => (variant.isPiped ? derivedEvents.pipe(library.messages()) : derived),
      messages: () => (variant.isPiped ? socket.asObservable() : socket),
      // Its requests would wait among the values.
      ...(variant.overflow ? {} : { multiplex: () => this.#multiplex() }),
      closeEvent: () => derivedEvents.pipe(library.closeEvent()),
      ...(variant.consumers === 'all' ? this.consumers.streams : {}),
    };
    for (const [name, stream] of Object.entries(messages)) if (!live.has(name)) this.do('subscribe', () => this.subscribeMessages(stream(), name));
  }

  #multiplex(): Observable<unknown> {
    return this.derived.multiplex(
      () => this.call('subMsg', () => subscribeRequest),
      () => this.call('unsubMsg', () => unsubscribeRequest),
      () => this.call('messageFilter', () => true),
    );
  }

  /** Calls that end subscriptions throw what finalizers have thrown, as in RxJS. */
  unsubscribeOne(subscriber: CheckedSubscriber | undefined): void {
    this.do('unsubscribing', () => subscriber?.unsubscribe(), (error) => this.values.isOf(error, ' finalizer'));
  }

  unsubscribeEach(): void {
    for (const subscriber of [...this.subscribers]) if (subscriber.isLive) this.unsubscribeOne(subscriber);
  }

  unsubscribe(): void {
    const { subscribers } = this;
    const before = subscribers.filter(({ isLive }) => isLive);
    this.do('unsubscribe()', () => this.socket.unsubscribe());
    for (const subscriber of before) {
      subscriber.subjectUnsubscribed();
      // RxJS does not unsubscribe what is after an operator when its source is.
      if (this.variant.hasCustomOperator) this.unsubscribeOne(subscriber);
    }
  }

  settle(...names: string[]): void {
    for (const name of names) for (const settle of this.results.pending(name)) this.do(`the result of ${name}`, settle);
  }

  reconnect(): void {
    this.connections.replaces();
    this.do('reconnect()', () => this.socket.reconnect());
  }

  complete(): void {
    this.connections.endsGracefully();
    this.do('complete()', () => this.socket.complete());
  }

  emit(name: 'suspended' | 'wake', value: unknown): void {
    if (name === 'suspended') this.connections.replaces();
    for (const emit of this.results.listeners(name)) this.do(name, () => emit(value));
  }

  /** Settles what is pending: results, opens, closes. */
  network(): void {
    this.settle('url', 'protocol', 'transportOptions', 'effect', 'waitUntil', 'until');
    this.emit('suspended', false);
    this.do('a loop', () => this.consumers.release());
    for (const socket of [...this.made]) {
      this.do('a pong', () => socket.pong());
      if (socket.readyState === 0 && socket.isListened) this.do('an open', () => socket.open());
    }
    this.answerCloses();
    this.pass(1);
  }

  answerCloses(): void {
    for (const socket of this.made.filter(({ readyState }) => readyState === 2)) {
      const [code] = socket.closes[0] ?? [];
      this.do('an end', () => (typeof code === 'number' ? socket.closeClean(code) : socket.drop()));
    }
  }

  drop(): void {
    const socket = this.#latest;
    this.do('a drop', () => socket?.drop());
  }

  closeClean(code: number): void {
    const socket = this.#latest;
    this.do("the server's Close", () => (socket?.readyState === 0 ? socket.drop() : socket?.closeClean(code)));
  }

  fail(): void {
    this.do('an error', () => this.#latest?.fail('reset'));
  }

  message(): void {
    const socket = this.#receiving;
    const message = this.#messages++;
    if (!socket) return;
    const isHeard = this.connections.delivered(socket, message);
    const open = this.subscribers.filter(({ isOpen }) => isOpen);
    this.do('a message', () => socket.message(message));
    if (!isHeard || this.injected > 0) return;
    for (const { isOpen, lastMessage, name } of open) if (isOpen && lastMessage !== message) this.violations.push(`S1: '${name}' has not received message ${message}`);
  }

  /** Delivers a message that the deserializer cannot read. */
  unreadable(): void {
    this.do('a message', () => this.#receiving?.onmessage({ data: '{' }));
  }

  /** Sends on the connection that was opened last. */
  send(): void {
    this.do('send()', () => this.open?.send(sentByEvent), (error) => {
      const { name } = error as Error;
      return name === 'InvalidStateError' || name === 'SerializeError' || this.values.isOf(error, 'transport.send');
    });
  }

  get #latest(): SimulatedTransport | undefined {
    return this.made.filter(({ readyState }) => readyState < 3).at(-1);
  }

  get #receiving(): SimulatedTransport | undefined {
    return this.made.filter(({ readyState }) => readyState === 1 || readyState === 2).at(-1);
  }

  pass(ms: number): void {
    this.do('time', () => vi.advanceTimersByTime(ms));
  }

  /** Checks what must hold between steps. */
  checkAtRest(): void {
    this.connections.atRest();
    const { status } = this.connections;
    if (status) this.values.atRest(status.queued);
  }

  /** Triggers closeGracefully. */
  triggerGracefulClose(): void {
    this.connections.endsGracefully();
    if (this.variant.when === 'signal') this.stopping.abort();
    else this.settle('when');
  }

  #remember(event: SocketEvent<unknown>, isFirst: boolean): void {
    if (event.type === 'connecting') this.connecting = event;
    if (event.type === 'reconnecting') this.reconnecting = event;
    if (event.type !== 'open') return;
    this.open = event;
    if (isFirst) {
      this.subscribeValues('open.messages', event.messages);
      if (this.variant.results === 'value') return;
      this.do('waitUntil()', () => event.waitUntil(this.results.single('waitUntil', undefined) as Observable<unknown>), () => this.injected > 0);
    }
  }

  #unhandled(error: unknown): void {
    if (error instanceof Error && error.message.startsWith('websocket-subject: ')) {
      this.values.warned(error.cause as SocketWarning);
      this.call('onUnhandledError', () => undefined);
    } else {
      this.values.reported(error);
      this.values.unhandled(error);
    }
  }

  #config(): WebSocketSubjectConfig<unknown> {
    const library = this.library;
    const { transportFrom, onInvalid, linger, overflow, stableAfter } = this.variant;
    const observer = (name: string) => ({ next: () => this.call(name, () => undefined) });
    const make = (url: string, protocols?: string | string[]): SimulatedTransport => this.#transport(url, protocols);
    const call = this.call.bind(this);
    const read = ({ data }: { readonly data: unknown }): unknown => call('deserializer', () => JSON.parse(data as string) as unknown);
    const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => call('schema', () => ({ value })) } } as const;
    this.aborting.signal.addEventListener('abort', () => this.connections.endsGracefully());
    this.aborting.signal.addEventListener('abort', () => call('signal', () => undefined));
    this.stopping.signal.addEventListener('abort', () => call('when signal', () => undefined));
    return {
      url: (context) => {
        context.signal.addEventListener('abort', () => call('context.signal', () => undefined));
        return call('url', () => this.results.single('url', 'ws://fake')) as string;
      },
      protocol: () => call('protocol', () => this.results.single('protocol', 'chat')) as string,
      transportOptions: () => call('transportOptions', () => this.results.single('transportOptions', {})) as object,
      connectTimeout: () => call('connectTimeout', () => 10_000),
      serializer: (value) => call('serializer', () => JSON.stringify(value)),
      deserializer: this.variant.hasSchema ? library.withSchema(schema, read) : read,
      openObserver: observer('openObserver'),
      closingObserver: {
        next: () => {
          this.connections.endBegan();
          this.values.endBegan();
          call('closingObserver', () => undefined);
        },
      },
      closeObserver: {
        next: (event) => {
          // All that your code has of it when it subscribes to messages alone.
          this.connections.closed(event);
          this.values.closed(event);
          call('closeObserver', () => undefined);
        },
      },
      signal: this.aborting.signal,
      linger,
      stableAfter,
      ...(overflow && { outbox: { maxValues: 2, overflow } }),
      onInvalid: onInvalid === 'code' ? { code: 4007 } : onInvalid,
      ...(transportFrom === 'transport'
        ? { transport: () => call('transport', () => make('given')) }
        : {
            WebSocketCtor: function (url: string, protocols?: string | string[]) {
              return call('WebSocketCtor', () => make(url, protocols), 'after');
            } as unknown as WebSocketCtor,
          }),
    };
  }

  #transport(url: string, protocols?: string | string[]): SimulatedTransport {
    const { results } = this;
    const sent = (transport: object, data: string): void => {
      const isWorkPending = this.variant.results === 'observable' && results.pending('effect').length + results.pending('waitUntil').length > 0;
      this.values.send(transport, data, isWorkPending);
    };
    const transport = new SimulatedTransport(url, protocols, this.variant, this.connections, sent, this.call.bind(this));
    this.made.push(transport);
    return transport;
  }
}
