import { config as rxjsConfig, tap, type Observable } from 'rxjs';
import { vi } from 'vitest';
import * as library from '../../../src/index.js';
import type { SocketEvent, SocketOpen, SocketConnecting, SocketReconnecting, SocketStatus, WebSocketSubject } from '../../../src/index.js';
import { FakeSocket } from '../FakeSocket.js';
import { plain, type Variant } from './callbacks.js';
import { CheckedSubscriber } from './CheckedSubscriber.js';
import { Consumers } from './Consumers.js';
import type { Plan } from './faults.js';
import { Ledger, sentByEvent, subscribeRequest, unsubscribeRequest } from './Ledger.js';
import { Results } from './Results.js';

const notListened = (): void => undefined;

/** The wait of the policies, in milliseconds. */
const delay = 100;

/**
 * A subject with every callback that your code can give, its network, and a ledger of its values and errors. Each callback does its work, and has the
 * faults that the plan injects.
 */
export class Simulation {
  readonly variant: Variant;
  readonly ledger = new Ledger();
  readonly violations: string[] = [];
  readonly subscribers: CheckedSubscriber[] = [];
  readonly statuses: SocketStatus[] = [];
  readonly made: FakeSocket[] = [];
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
  #values = 0;
  #pong: (payload: string) => void = notListened;
  readonly #pinged: string[] = [];

  constructor(plan: Plan, variant: Partial<Variant>) {
    this.#plan = plan;
    this.variant = { ...plain, ...variant };
    this.results = new Results(this.variant.results, (name, work) => this.call(name, work));
    rxjsConfig.onUnhandledError = (error) => this.#unhandled(error);
    this.socket = library.webSocket<unknown>(this.#config());
    this.derived = this.socket.pipeEvents(...this.#operators());
    this.consumers = new Consumers(this.derived, (name, work) => this.call(name, work));
    this.derivedEvents = this.variant.isPiped ? this.#operators().reduce((events, operator) => operator(events), this.socket.events) : this.derived.events;
    if (this.variant.hasWarnings) {
      this.socket.warnings.subscribe((warning) => this.ledger.warned(warning));
      this.socket.warnings.subscribe(() => this.call('warnings next', () => undefined));
    }
    this.socket.status.subscribe((status) => {
      this.statuses.push(status);
      this.ledger.status(status);
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
    this.ledger.faulty.add(name);
    if ('error' in fault) throw this.ledger.threw(name, fault.error(name));
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
      this.ledger.reported(error);
      if (!isAllowed(error)) this.violations.push(`${what} threw ${String(error)}`);
    }
  }

  /** Sends a value, and enters it in the ledger (S13). */
  next(): void {
    const value = this.#values++;
    this.do('next()', () => {
      this.socket.next(value);
      this.ledger.accepted.push(value);
    }, (error) => error instanceof library.SerializeError || error instanceof library.OutboxOverflowError || this.ledger.isOf(error, 'transport.send'));
  }

  /** Subscribes to a stream, for its callbacks only. */
  subscribeValues<T>(name: string, stream: Observable<T>): void {
    const subscriber = new CheckedSubscriber(name, 'values');
    subscriber.subscribe(stream, () => this.call(`${name} next`, () => undefined, 'before', subscriber), (terminal) => {
      this.call(`${name} ${terminal === '|' ? 'complete' : 'error'}`, () => undefined, 'before', subscriber);
    }, () => this.call(`${name} finalizer`, () => undefined, 'before', subscriber));
  }

  /** Subscribes to events; the name is that of the callbacks. */
  subscribeEvents(stream: Observable<SocketEvent<unknown>>, name = 'a later subscriber'): CheckedSubscriber {
    const subscriber = new CheckedSubscriber(name, 'events');
    subscriber.checksGrammar = !this.variant.hasCustomOperator;
    this.subscribers.push(subscriber);
    const callBack = (what: string) => this.call(`${name} ${what}`, () => undefined, 'before', subscriber);
    subscriber.subscribe(stream, (event) => {
      this.ledger.received(event);
      subscriber.event(event);
      this.#remember(event, name === 'events');
      callBack(event.type);
    }, (terminal) => {
      if (terminal === '#') this.ledger.reported(subscriber.error);
      callBack(terminal === '|' ? 'complete' : 'error');
    }, () => callBack('finalizer'));
    return subscriber;
  }

  subscribeMessages(stream: Observable<unknown>, name = 'a later subscriber of messages'): CheckedSubscriber {
    const subscriber = new CheckedSubscriber(name, 'values');
    this.subscribers.push(subscriber);
    const callBack = (what: string) => this.call(`${name} ${what}`, () => undefined, 'before', subscriber);
    subscriber.subscribe(stream, (value) => {
      if (name === 'closeEvent') this.ledger.received(value as library.CloseEvent);
      subscriber.message();
      callBack('next');
    }, (terminal) => {
      if (terminal === '#') this.ledger.reported(subscriber.error);
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
    const messages = {
      'derived messages': () => (variant.isPiped ? derivedEvents.pipe(library.messages()) : derived),
      messages: () => (variant.isPiped ? socket.asObservable() : socket),
      multiplex: () =>
        derived.multiplex(
          () => this.call('subMsg', () => subscribeRequest),
          () => this.call('unsubMsg', () => unsubscribeRequest),
          () => this.call('messageFilter', () => true),
        ),
      closeEvent: () => derivedEvents.pipe(library.closeEvent()),
      ...(variant.consumers === 'all' ? this.consumers.streams : {}),
    };
    for (const [name, stream] of Object.entries(messages)) if (!live.has(name)) this.do('subscribe', () => this.subscribeMessages(stream(), name));
  }

  /** Calls that end subscriptions throw what finalizers have thrown, as in RxJS. */
  unsubscribeOne(subscriber: CheckedSubscriber | undefined): void {
    this.do('unsubscribing', () => subscriber?.unsubscribe(), (error) => this.ledger.isOf(error, ' finalizer'));
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
    this.do('reconnect()', () => this.socket.reconnect());
  }

  emit(name: 'suspended' | 'wake', value: unknown): void {
    for (const emit of this.results.listeners(name)) this.do(name, () => emit(value));
  }

  /** Settles what is pending: results, opens, closes. */
  network(): void {
    this.settle('url', 'protocol', 'transportOptions', 'effect', 'waitUntil', 'until');
    this.emit('suspended', false);
    this.do('a loop', () => this.consumers.release());
    for (const payload of this.#pinged.splice(0)) this.do('a pong', () => this.#pong(payload));
    for (const socket of [...this.made]) if (socket.readyState === 0 && socket.onopen !== notListened) this.do('an open', () => socket.open());
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
    this.do('a message', () => this.#receiving?.message(7));
  }

  /** Delivers a message that the deserializer cannot read. */
  unreadable(): void {
    this.do('a message', () => this.#receiving?.onmessage({ data: '{' }));
  }

  /** Sends on the connection that was opened last. */
  send(): void {
    this.do('send()', () => this.open?.send(sentByEvent), (error) => {
      const { name } = error as Error;
      return name === 'InvalidStateError' || name === 'SerializeError' || this.ledger.isOf(error, 'transport.send');
    });
  }

  get #latest(): FakeSocket | undefined {
    return this.made.filter(({ readyState }) => readyState < 3).at(-1);
  }

  get #receiving(): FakeSocket | undefined {
    return this.made.filter(({ readyState }) => readyState === 1 || readyState === 2).at(-1);
  }

  pass(ms: number): void {
    this.do('time', () => vi.advanceTimersByTime(ms));
  }

  checkOneTransport(): void {
    if (this.made.filter(({ isAlive }) => isAlive).length > 1) this.violations.push('S7: more than one transport is connecting or open');
  }

  /** Triggers closeGracefully. */
  triggerGracefulClose(): void {
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
      this.ledger.warned(error.cause as library.SocketWarning);
      this.call('onUnhandledError', () => undefined);
    } else {
      this.ledger.reported(error);
      this.ledger.unhandled(error);
    }
  }

  #config(): library.WebSocketSubjectConfig<unknown> {
    const { transportFrom, onInvalid } = this.variant;
    const observer = (name: string) => ({ next: () => this.call(name, () => undefined) });
    const make = (url: string, protocols?: string | string[]): FakeSocket => this.#transport(url, protocols);
    const call = this.call.bind(this);
    const read = ({ data }: { readonly data: unknown }): unknown => call('deserializer', () => JSON.parse(data as string) as unknown);
    const schema = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => call('schema', () => ({ value })) } } as const;
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
      closingObserver: observer('closingObserver'),
      closeObserver: {
        next: (event) => {
          // All that your code has of it when it subscribes to messages alone.
          this.ledger.received(event);
          call('closeObserver', () => undefined);
        },
      },
      signal: this.aborting.signal,
      onInvalid: onInvalid === 'code' ? { code: 4007 } : onInvalid,
      ...(transportFrom === 'transport'
        ? { transport: () => call('transport', () => make('given')) }
        : {
            WebSocketCtor: function (url: string, protocols?: string | string[]) {
              return call('WebSocketCtor', () => make(url, protocols), 'after');
            } as unknown as library.WebSocketCtor,
          }),
    };
  }

  #transport(url: string, protocols?: string | string[]): FakeSocket {
    const socket = new FakeSocket(url, protocols);
    const { send, close } = socket;
    socket.send = (data) => {
      this.call('transport.send', () => {
        if (socket.readyState === 1) this.ledger.send(socket, data);
        send.call(socket, data);
      }, 'after');
    };
    socket.close = (...args) => {
      close.apply(socket, args);
      this.call('transport.close', () => undefined);
    };
    if (this.variant.pings === 'by the protocol') {
      const pinging = socket as { on?: (event: string, listener: (payload: string) => void) => void; ping?: (payload: string) => void };
      pinging.on = (_, listener) => this.call('transport.on', () => void (this.#pong = listener));
      pinging.ping = (payload) => this.call('transport.ping', () => void this.#pinged.push(payload));
    }
    if (this.variant.terminates) {
      (socket as { terminate?: () => void }).terminate = () => {
        socket.readyState = 2;
        this.call('transport.terminate', () => undefined);
      };
    }
    if (this.variant.consumers === 'all') {
      const pausable = socket as { pause?: () => void; resume?: () => void };
      pausable.pause = () => this.call('transport.pause', () => undefined);
      pausable.resume = () => this.call('transport.resume', () => undefined);
    }
    // The network cannot open it before the library listens.
    socket.onopen = notListened;
    this.made.push(socket);
    return socket;
  }

  #operators(): library.SocketOperator<unknown, unknown>[] {
    const { results, pings, when } = this.variant;
    const { after, atMost, between, closeGracefully, errorOnCode, exponential, heartbeat, onOpen, reconnectOnCode, serverHint, suspendWhile, within } = library;
    const decide: library.ReconnectPolicy = ({ closeEvent }) => this.call('policy', () => (closeEvent.code === 4401 ? null : delay));
    const beating = { hidePongs: true, ping: () => this.call('ping', () => sentByEvent), isPong: () => this.call('isPong', () => false) };
    const random = (): number => this.call('random', () => 0.5);
    const policy = {
      function: decide,
      table: { 4401: decide, '1000-1015': decide },
      wrapped: atMost(1_000, within(1e9, decide)),
      hinted: serverHint(() => this.call('parse', () => delay), decide, { random }),
      random: { 1006: between(delay, delay + 1, { random }), 1012: exponential({ base: delay, random }), 1000: after(delay) },
    }[this.variant.policy];
    const until = results === 'value' ? {} : { until: this.results.single('until', 0) as Observable<unknown> };
    return [
      ...(this.variant.hasCustomOperator ? [(events: Observable<SocketEvent<unknown>>) => events.pipe(tap(() => this.call('operator', () => undefined)))] : []),
      ...(pings === 'never' ? [] : [heartbeat<unknown, unknown>({ every: 150, timeout: 100, ...(pings === 'by messages' ? beating : {}) })]),
      onOpen(() => this.call('effect', () => this.results.single('effect', undefined)) as Observable<unknown>),
      reconnectOnCode(policy, { wake: this.results.stream('wake') }),
      suspendWhile(this.results.stream<boolean>('suspended')),
      closeGracefully(when === 'signal' ? this.stopping.signal : (this.results.single('when', 0, when) as Observable<unknown>), { code: 4100, ...until }),
      errorOnCode(() => this.call('errorOnCode', () => false)),
    ];
  }
}
