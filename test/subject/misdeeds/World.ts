import { config as rxjsConfig, tap, type Observable } from 'rxjs';
import { vi } from 'vitest';
import * as library from '../../../src/index.js';
import type { SocketEvent, SocketOpen, SocketConnecting, SocketReconnecting, SocketStatus, WebSocketSubject } from '../../../src/index.js';
import { Answers } from './Answers.js';
import { ask, atOnce, Books, unask } from './Books.js';
import { FakeSocket } from '../FakeSocket.js';
import { plain, type Flavour } from './callbacks.js';
import type { Plan } from './misdeeds.js';
import { Readers } from './Readers.js';
import { Watcher } from './Watcher.js';

const unheard = (): void => undefined;

/** How long the policies of the program wait. */
const delay = 100;

/**
 * One program with every callback that there is, the network around it, and the books on what became of its values and errors. Each callback does
 * what it is there for, and, when the plan says so, a misdeed.
 */
export class World {
  readonly flavour: Flavour;
  readonly books = new Books();
  readonly faults: string[] = [];
  readonly watchers: Watcher[] = [];
  readonly statuses: SocketStatus[] = [];
  readonly made: FakeSocket[] = [];
  readonly stopping = new AbortController();
  readonly aborting = new AbortController();
  readonly calls = new Map<string, number>();
  readonly answers: Answers;
  readonly readers: Readers;
  readonly socket: WebSocketSubject<unknown>;
  readonly face: WebSocketSubject<unknown>;
  readonly faceEvents: Observable<SocketEvent<unknown>>;
  /** Whether callbacks misbehave: not while the program is put together, nor once it is over. */
  isArmed = false;
  done = 0;
  connecting: SocketConnecting | undefined;
  open: SocketOpen<unknown> | undefined;
  reconnecting: SocketReconnecting | undefined;
  readonly #plan: Plan;
  #values = 0;
  #pong: (payload: string) => void = unheard;
  readonly #pinged: string[] = [];

  constructor(plan: Plan, flavour: Partial<Flavour>) {
    this.#plan = plan;
    this.flavour = { ...plain, ...flavour };
    this.answers = new Answers(this.flavour.answers, (name, honest) => this.call(name, honest));
    rxjsConfig.onUnhandledError = (error) => this.#unhandled(error);
    this.socket = library.webSocket<unknown>(this.#config());
    this.face = this.socket.pipeEvents(...this.#operators());
    this.readers = new Readers(this.face, (name, honest) => this.call(name, honest));
    this.faceEvents = this.flavour.byHand ? this.#operators().reduce((events, operator) => operator(events), this.socket.events) : this.face.events;
    if (this.flavour.isHeard) {
      this.socket.warnings.subscribe((warning) => this.books.warned(warning));
      this.socket.warnings.subscribe(() => this.call('warnings next', () => undefined));
    }
    this.socket.status.subscribe((status) => {
      this.statuses.push(status);
      this.books.status(status);
    });
    this.answers.isListenedTo = true;
    this.isArmed = true;
    this.socket.status.subscribe(() => this.call('status next', () => undefined));
  }

  /** Calls a callback of the program: it does its work, and the misdeed that the plan has for it now, before or after. */
  call<T>(name: string, honest: () => T, order: 'before' | 'after' = 'before', self?: Watcher): T {
    if (!this.isArmed) return honest();
    const count = (this.calls.get(name) ?? 0) + 1;
    this.calls.set(name, count);
    const misdeed = this.#plan(name, count);
    if (misdeed === undefined) return honest();
    this.done++;
    this.books.misbehaving.add(name);
    if ('error' in misdeed) throw this.books.threw(name, misdeed.error(name));
    if ('nonsense' in misdeed) return misdeed.nonsense() as T;
    if (order === 'after') {
      const result = honest();
      misdeed.act(this, self);
      return result;
    }
    misdeed.act(this, self);
    return honest();
  }

  /** Something that the program or the network does; what it throws must be allowed. */
  do(what: string, act: () => void, isAllowed: (error: unknown) => boolean = () => false): void {
    try {
      act();
    } catch (error) {
      this.books.surfaced(error);
      if (!isAllowed(error)) this.faults.push(`${what} has thrown ${String(error)}`);
    }
  }

  /** The program sends a value, which is then accounted for (S13). */
  next(): void {
    const value = this.#values++;
    this.do('next()', () => {
      this.socket.next(value);
      this.books.accepted.push(value);
    }, (error) => error instanceof library.SerializeError || error instanceof library.OutboxOverflowError || this.books.isOf(error, 'transport.send'));
  }

  /** Subscribes to a stream of which only what it calls matters. */
  listen<T>(name: string, stream: Observable<T>): void {
    const watcher = new Watcher(name, 'values');
    watcher.subscribe(stream, () => this.call(`${name} next`, () => undefined, 'before', watcher), (terminal) => {
      this.call(`${name} ${terminal === '|' ? 'complete' : 'error'}`, () => undefined, 'before', watcher);
    }, () => this.call(`${name} finalizer`, () => undefined, 'before', watcher));
  }

  /** A subscriber; one with a name calls back by it. */
  watchEvents(stream: Observable<SocketEvent<unknown>>, name = 'a later subscriber'): Watcher {
    const watcher = new Watcher(name, 'events');
    watcher.checksGrammar = !this.flavour.isForeign;
    this.watchers.push(watcher);
    const tell = (what: string) => this.call(`${name} ${what}`, () => undefined, 'before', watcher);
    watcher.subscribe(stream, (event) => {
      this.books.told(event);
      watcher.event(event);
      this.#remember(event, name === 'events');
      tell(event.type);
    }, (terminal) => {
      if (terminal === '#') this.books.surfaced(watcher.error);
      tell(terminal === '|' ? 'complete' : 'error');
    }, () => tell('finalizer'));
    return watcher;
  }

  watchMessages(stream: Observable<unknown>, name = 'a later subscriber of messages'): Watcher {
    const watcher = new Watcher(name, 'values');
    this.watchers.push(watcher);
    const tell = (what: string) => this.call(`${name} ${what}`, () => undefined, 'before', watcher);
    watcher.subscribe(stream, (value) => {
      if (name === 'closeEvent') this.books.told(value as library.CloseEvent);
      watcher.message();
      tell('next');
    }, (terminal) => {
      if (terminal === '#') this.books.surfaced(watcher.error);
      tell(terminal === '|' ? 'complete' : 'error');
    }, () => tell('finalizer'));
    return watcher;
  }

  /** Every stream that nobody is subscribed to gets its subscriber. */
  subscribe(): void {
    const live = new Set(this.watchers.filter(({ isLive }) => isLive).map(({ name }) => name));
    const events = { face: () => this.faceEvents, events: () => this.socket.events };
    for (const [name, stream] of Object.entries(events)) if (!live.has(name)) this.do('subscribe', () => this.watchEvents(stream(), name));
    const { face, socket, flavour, faceEvents } = this;
    const messages = {
      'face messages': () => (flavour.byHand ? faceEvents.pipe(library.messages()) : face),
      messages: () => (flavour.byHand ? socket.asObservable() : socket),
      multiplex: () => face.multiplex(() => this.call('subMsg', () => ask), () => this.call('unsubMsg', () => unask), () => this.call('messageFilter', () => true)), // prettier-ignore
      closeEvent: () => faceEvents.pipe(library.closeEvent()),
      ...(flavour.reads === 'in every way' ? this.readers.streams : {}),
    };
    for (const [name, stream] of Object.entries(messages)) if (!live.has(name)) this.do('subscribe', () => this.watchMessages(stream(), name));
  }

  /** Calls that end subscriptions throw what finalizers have thrown, as in RxJS. */
  leave(watcher: Watcher | undefined): void {
    this.do('leaving', () => watcher?.leave(), (error) => this.books.isOf(error, ' finalizer'));
  }

  leaveAll(): void {
    for (const watcher of [...this.watchers]) if (watcher.isLive) this.leave(watcher);
  }

  unsubscribe(): void {
    const { watchers } = this;
    const before = watchers.filter(({ isLive }) => isLive);
    this.do('unsubscribe()', () => this.socket.unsubscribe());
    for (const watcher of before) {
      watcher.wasDismissed();
      // Whoever stands behind an operator of RxJS is not told that its source was unsubscribed.
      if (this.flavour.isForeign) this.leave(watcher);
    }
  }

  release(...who: string[]): void {
    for (const name of who) for (const answer of this.answers.pending(name)) this.do(`the answer of ${name}`, answer);
  }

  tell(name: 'now' | 'suspended' | 'wake', value: unknown): void {
    for (const tell of this.answers.listeners(name)) this.do(name, () => tell(value));
  }

  /** Does what a network does by and by: answers, opens, closes. */
  network(): void {
    this.release('url', 'protocol', 'effect', 'waitUntil', 'until');
    this.tell('suspended', false);
    this.do('a loop', () => this.readers.release());
    for (const payload of this.#pinged.splice(0)) this.do('a pong', () => this.#pong(payload));
    for (const socket of [...this.made]) if (socket.readyState === 0 && socket.onopen !== unheard) this.do('an open', () => socket.open());
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
    this.do("the peer's Close", () => (socket?.readyState === 0 ? socket.drop() : socket?.closeClean(code)));
  }

  fail(): void {
    this.do('an error', () => this.#latest?.fail('reset'));
  }

  message(): void {
    this.do('a message', () => this.#speaking?.message(7));
  }

  /** A message that no deserializer reads. */
  unreadable(): void {
    this.do('a message', () => this.#speaking?.onmessage({ data: '{' }));
  }

  /** Sends on the connection that was opened last, if it still is there. */
  send(): void {
    this.do('send()', () => this.open?.send(atOnce), (error) => {
      const { name } = error as Error;
      return name === 'InvalidStateError' || name === 'SerializeError' || this.books.isOf(error, 'transport.send');
    });
  }

  get #latest(): FakeSocket | undefined {
    return this.made.filter(({ readyState }) => readyState < 3).at(-1);
  }

  get #speaking(): FakeSocket | undefined {
    return this.made.filter(({ readyState }) => readyState === 1 || readyState === 2).at(-1);
  }

  pass(ms: number): void {
    this.do('time', () => vi.advanceTimersByTime(ms));
  }

  atMostOne(): void {
    if (this.made.filter(({ isAlive }) => isAlive).length > 1) this.faults.push('S7: more than one transport is connecting or open');
  }

  /** Fires what closeGracefully waits for. */
  fire(): void {
    if (this.flavour.when === 'signal') this.stopping.abort();
    else this.release('when');
  }

  #remember(event: SocketEvent<unknown>, isFirst: boolean): void {
    if (event.type === 'connecting') this.connecting = event;
    if (event.type === 'reconnecting') this.reconnecting = event;
    if (event.type !== 'open') return;
    this.open = event;
    if (isFirst) {
      this.listen('open.messages', event.messages);
      if (this.flavour.answers !== 'value') this.do('waitUntil()', () => event.waitUntil(this.answers.give('waitUntil', undefined) as Observable<unknown>), () => this.done > 0);
    }
  }

  #unhandled(error: unknown): void {
    if (error instanceof Error && error.message.startsWith('websocket-subject: ')) {
      const { cause, message } = error;
      const what = / (\S+) has thrown/.exec(message)?.[1];
      if (what !== undefined) this.books.warned({ kind: 'callback', callback: what, error: cause });
      else this.books.warned(Array.isArray(cause) ? { kind: 'dropped', values: cause, why: '' } : { kind: 'invalid', error: cause as Error, data: '' });
      this.call('onUnhandledError', () => undefined);
    } else {
      this.books.surfaced(error);
      this.books.reported(error);
    }
  }

  #config(): library.WebSocketSubjectConfig<unknown> {
    const { gives, onInvalid } = this.flavour;
    const observer = (name: string) => ({ next: () => this.call(name, () => undefined) });
    const make = (url: string, protocols?: string | string[]): FakeSocket => this.#transport(url, protocols);
    const call = this.call.bind(this);
    const schema = { version: 1, vendor: 'test', validate: (value: unknown) => call('schema', () => ({ value })) };
    this.aborting.signal.addEventListener('abort', () => call('signal', () => undefined));
    this.stopping.signal.addEventListener('abort', () => call('when signal', () => undefined));
    return {
      url: (context) => {
        context.signal.addEventListener('abort', () => call('context.signal', () => undefined));
        return call('url', () => this.answers.give('url', 'ws://fake')) as string;
      },
      protocol: () => call('protocol', () => this.answers.give('protocol', 'chat')) as string,
      connectTimeout: () => call('connectTimeout', () => 10_000),
      serializer: (value) => call('serializer', () => JSON.stringify(value)),
      deserializer: ({ data }) => call('deserializer', () => JSON.parse(data as string) as unknown),
      openObserver: observer('openObserver'),
      closingObserver: observer('closingObserver'),
      closeObserver: {
        next: (event) => {
          // All that a program has of it that is subscribed to messages alone.
          this.books.told(event);
          call('closeObserver', () => undefined);
        },
      },
      signal: this.aborting.signal,
      // With a schema it is a config of another type, which `webSocket` takes too.
      ...((this.flavour.hasSchema ? { schema: { '~standard': schema } } : {}) as object),
      onInvalid: onInvalid === 'code' ? { code: 4007 } : onInvalid,
      ...(gives === 'transport'
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
        if (socket.readyState === 1) this.books.send(socket, data);
        send.call(socket, data);
      }, 'after');
    };
    socket.close = (...args) => {
      close.apply(socket, args);
      this.call('transport.close', () => undefined);
    };
    if (this.flavour.pings === 'by the protocol') {
      const pinging = socket as { on?: (event: string, listener: (payload: string) => void) => void; ping?: (payload: string) => void };
      pinging.on = (_, listener) => this.call('transport.on', () => void (this.#pong = listener));
      pinging.ping = (payload) => this.call('transport.ping', () => void this.#pinged.push(payload));
    }
    if (this.flavour.terminates) {
      (socket as { terminate?: () => void }).terminate = () => {
        socket.readyState = 2;
        this.call('transport.terminate', () => undefined);
      };
    }
    if (this.flavour.reads === 'in every way') {
      const pausable = socket as { pause?: () => void; resume?: () => void };
      pausable.pause = () => this.call('transport.pause', () => undefined);
      pausable.resume = () => this.call('transport.resume', () => undefined);
    }
    // Nobody can open it before somebody hears it.
    socket.onopen = unheard;
    this.made.push(socket);
    return socket;
  }

  #operators(): library.SocketOperator<unknown, unknown>[] {
    const { answers, pings, when } = this.flavour;
    const { after, atMost, between, closeGracefully, errorOnCode, exponential, heartbeat, onOpen, reconnectOnCode, serverHint, suspendWhile, within } = library;
    const decide: library.ReconnectPolicy = ({ closeEvent }) => this.call('policy', () => (closeEvent.code === 4401 ? null : delay));
    const beating = { hidePongs: true, ping: () => this.call('ping', () => atOnce), isPong: () => this.call('isPong', () => false) };
    const random = (): number => this.call('random', () => 0.5);
    const policy = {
      function: decide,
      table: { 4401: decide, '1000-1015': decide },
      wrapped: atMost(1_000, within(1e9, decide)),
      hinted: serverHint(() => this.call('parse', () => delay), decide, { random }),
      random: { 1006: between(delay, delay + 1, { random }), 1012: exponential({ base: delay, random }), 1000: after(delay) },
    }[this.flavour.policy];
    const until = answers === 'value' ? {} : { until: this.answers.give('until', 0) as Observable<unknown> };
    return [
      ...(this.flavour.isForeign ? [(events: Observable<SocketEvent<unknown>>) => events.pipe(tap(() => this.call('operator', () => undefined)))] : []),
      ...(pings === 'never' ? [] : [heartbeat<unknown, unknown>({ every: 150, timeout: 100, ...(pings === 'by messages' ? beating : {}) })]),
      onOpen(() => this.call('effect', () => this.answers.give('effect', undefined)) as Observable<unknown>),
      reconnectOnCode(policy, { now: this.answers.repeat('now'), wake: this.answers.repeat('wake') }),
      suspendWhile(this.answers.repeat<boolean>('suspended')),
      closeGracefully(when === 'signal' ? this.stopping.signal : (this.answers.give('when', 0, when) as Observable<unknown>), { code: 4100, ...until }),
      errorOnCode(() => this.call('errorOnCode', () => false)),
    ];
  }
}
