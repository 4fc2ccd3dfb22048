import fc from 'fast-check';
import { EMPTY, Subject, type Observable, type Subscription } from 'rxjs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { onOpen, reconnectOnCode, topics, webSocket, type SocketOpen } from '../../src/index.js';
import { FakeSocket } from '../subject/FakeSocket.js';
import type { Message } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const keys = ['a', 'b', 'c'] as const;
const hooks = ['none', 'none', 'leave', 'join the same', 'join another', 'come back', 'send', 'close'] as const;
type Hook = (typeof hooks)[number];

type Step =
  | { do: 'watch'; key: string; hook: Hook }
  | { do: 'leave'; which: number }
  | { do: 'message'; key: string }
  | { do: 'open' | 'login' | 'renew' | 'next' | 'drop' | 'restart' | 'end' | 'close' | 'finish' }
  | { do: 'pass'; ms: number };

const only = <Name extends Step['do']>(...names: Name[]) => fc.record({ do: fc.constantFrom(...names) }) as fc.Arbitrary<Step>;
const key = fc.constantFrom(...keys);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('watch' as const), key, hook: fc.constantFrom(...hooks) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('leave' as const), which: fc.nat(7) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('message' as const), key }) },
  { weight: 8, arbitrary: only('open', 'open', 'login') },
  { weight: 4, arbitrary: only('renew', 'renew', 'next', 'drop', 'restart') },
  { weight: 1, arbitrary: only('end', 'close', 'finish') },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(50, 100, 200) }) },
);

interface Consumer {
  readonly key: string;
  readonly log: unknown[];
  readonly session: Session;
  subscription: Subscription | undefined;
  /** Whether it has neither unsubscribed nor ended. */
  isThere: boolean;
}

/** The model of a session: its keys, also those in their grace, in the order of first subscription. */
class Session {
  readonly topics = new Map<string, { consumers: Set<Consumer>; last: number | undefined; graceUntil: number; askedOn: Checked | null }>();
  /** From its first consumer to its last. */
  isRunning = false;
  isEnded = false;
}

/** A subject with topics, its server, and a model of what both must receive. */
class Simulation {
  readonly consumers: Consumer[] = [];
  readonly made: Checked[] = [];
  session = new Session();
  keeping: Subscription | undefined;
  keptSession: Session | undefined;
  present: SocketOpen<Message, string> | undefined;
  /** Ends the work that the outbox of the open connection waits for. */
  finishWork = (): void => undefined;
  /** Failures found inside callbacks, where RxJS or the library would catch them. */
  readonly faults: unknown[] = [];
  messages = 0;
  values = 0;
  /** Values that `next()` has accepted and no connection has received. */
  waiting: string[] = [];
  readonly topic: ReturnType<typeof topics<Message, string, string>>;
  readonly socket;

  constructor(readonly hasLogin: boolean, readonly grace: number, readonly isKept: boolean) {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- for the class below
    const simulation = this;
    const WebSocketCtor = class extends Checked {
      constructor(url: string) {
        super(url, simulation);
        simulation.made.push(this);
      }
    };
    this.socket = webSocket<Message, string>({ url: 'ws://fake', WebSocketCtor }).pipeEvents(
      onOpen((open) => {
        this.present = open;
        if (!hasLogin) return EMPTY;
        open.send('login');
        return this.newWork();
      }),
      reconnectOnCode(({ closeEvent }) => (closeEvent.code === 4401 ? null : 100)),
    );
    this.socket.warnings.subscribe((warning) => {
      if (warning.kind !== 'dropped') this.faults.push(warning);
    });
    this.topic = topics(this.socket, {
      keyOf: (message) => message.key,
      subscribe: (one, last) => (last === undefined ? `+${one}` : `+${one}@${last.n}`),
      unsubscribe: (one) => `-${one}`,
      grace,
    });
    if (isKept) this.keep();
  }

  /** Another subscriber keeps the subject connected. */
  keep(): void {
    const again = (): void => this.keep();
    this.keptSession = this.session;
    this.keeping = this.socket.subscribe({ complete: again, error: again });
  }

  get last(): Checked | undefined {
    return this.made.at(-1);
  }

  watch(one: string, hook: Hook): void {
    const { session } = this;
    session.isRunning = true;
    const owed = session.topics.get(one) ?? { consumers: new Set<Consumer>(), last: undefined, graceUntil: Infinity, askedOn: null };
    const consumer: Consumer = { key: one, log: [], session, subscription: undefined, isThere: true };
    session.topics.set(one, owed);
    owed.consumers.add(consumer);
    owed.graceUntil = Infinity;
    this.consumers.push(consumer);
    const ended = (): void => {
      this.expecting(() => expect([consumer.isThere, session.isEnded], 'S1: one end, where there is one').toEqual([true, true]));
      consumer.isThere = false;
    };
    consumer.subscription = this.topic(one).subscribe({
      next: ({ n }) => {
        this.expecting(() => expect(consumer.isThere, 'nothing is delivered after unsubscribing').toBe(true));
        consumer.log.push(n);
        this.act(hook, consumer, n);
      },
      complete: ended,
      error: ended,
    });
  }

  leave(consumer: Consumer): void {
    const { key: one, session } = consumer;
    const owed = session.topics.get(one);
    if (owed?.consumers.delete(consumer) === true && owed.consumers.size === 0) {
      if (this.grace > 0) owed.graceUntil = Date.now() + this.grace;
      else session.topics.delete(one);
    }
    consumer.isThere = false;
    consumer.subscription?.unsubscribe();
  }

  /** What a consumer does inside a message; not every time, since it would never end. */
  act(hook: Hook, consumer: Consumer, n: number): void {
    if (n % 2 === 0) return;
    if (hook === 'leave' || hook === 'come back') this.leave(consumer);
    if (hook === 'join the same' || hook === 'come back') this.watch(consumer.key, 'none');
    if (hook === 'join another') this.watch(consumer.key === 'a' ? 'b' : 'a', 'leave');
    if (hook === 'send') this.next();
    if (hook === 'close') this.close();
  }

  next(): void {
    const value = `v${this.values++}`;
    this.waiting.push(value);
    this.socket.next(value);
  }

  close(): void {
    // Where there is no session to end, values stay for the next one.
    if (!this.session.isRunning && this.keptSession !== this.session) return;
    this.newSession();
    this.waiting = [];
    this.socket.close(4000);
  }

  newWork(): Observable<unknown> {
    const work = new Subject<void>();
    this.finishWork = () => work.complete();
    return work;
  }

  expecting(what: () => void): void {
    try {
      what();
    } catch (fault) {
      this.faults.push(fault);
    }
  }

  newSession(): void {
    this.session.isEnded = true;
    this.session = new Session();
  }
}

/** A connection to a server that checks each request at once. */
class Checked extends FakeSocket {
  readonly active = new Set<string>();
  isHeld = false;

  constructor(url: string, readonly simulation: Simulation) {
    super(url);
  }

  override send(data: string): void {
    super.send(data);
    this.simulation.expecting(() => this.judge(data));
  }

  judge(data: string): void {
    expect(this.readyState, 'a closed connection is sent nothing').toBe(1);
    const text = JSON.parse(data) as string;
    if (text === 'login') return;
    expect(this.isHeld && !text.startsWith('-'), `S12: ${text} waits for the login`).toBe(false);
    const { session, waiting } = this.simulation;
    const [, sign, one = '', since] = /^([-+v])([^@]*)@?(.*)$/.exec(text) ?? [];
    if (sign === 'v') expect(waiting.shift(), 'S13: values in order, none twice').toBe(text);
    else if (sign === '-') expect(this.active.delete(one), `${text} on a connection that was asked for it`).toBe(true);
    else {
      expect(this.active.has(one), `${text} only once`).toBe(false);
      this.active.add(one);
      const owed = session.topics.get(one);
      expect(since, 'the last message of the key').toBe(owed?.last?.toString() ?? '');
      if (owed) owed.askedOn = this;
    }
  }
}

const isOpen = (socket: Checked | undefined): socket is Checked => socket?.readyState === 1;

/** Checks what must hold between steps. */
function check(simulation: Simulation): void {
  const { last, session } = simulation;
  const { topics: owed } = session;
  for (const [one, { graceUntil }] of owed) if (graceUntil <= Date.now()) owed.delete(one);
  // The last unsubscribe takes away the values that wait.
  if (session.isRunning && owed.size === 0) {
    session.isRunning = false;
    if (simulation.keptSession !== session) simulation.waiting = [];
  }
  if (last?.readyState !== 1 || last.isHeld) return;
  for (const [one, { consumers }] of owed) if (consumers.size > 0) expect([...last.active], 'every key with a consumer was asked for').toContain(one);
  for (const one of last.active) expect([...owed.keys()], 'every key without a consumer was ended').toContain(one);
  expect(simulation.waiting, 'S13: the outbox was sent').toEqual([]);
}

/** Expects what the connection must receive: first unsubscribe requests, then all live keys in their order, then the outbox. */
function flow(simulation: Simulation, socket: Checked, begin: () => void): void {
  const owed = [...simulation.session.topics];
  const over = [...socket.active].filter((one) => simulation.session.topics.get(one)?.askedOn !== socket);
  const live = owed.filter(([, { consumers, askedOn }]) => consumers.size > 0 && askedOn !== socket);
  const asked = live.map(([one, { last }]) => (last === undefined ? `+${one}` : `+${one}@${last}`));
  const values = [...simulation.waiting];
  const before = socket.sent.length;
  begin();
  const sent = socket.sent.slice(before).map((text) => JSON.parse(text) as string);
  expect(sent.splice(0, over.length).sort(), 'first what is over').toEqual(over.map((one) => `-${one}`).sort());
  expect(sent, 'S12: then all live keys, then the outbox').toEqual([...asked, ...values]);
}

const act: { [Name in Step['do']]: (simulation: Simulation, step: Extract<Step, { do: Name }>) => void } = {
  watch: (simulation, { key: one, hook }) => simulation.watch(one, hook),
  leave: (simulation, { which }) => {
    const consumer = simulation.consumers.filter(({ isThere }) => isThere).at(-1 - which);
    if (consumer) simulation.leave(consumer);
  },
  message: (simulation, { key: one }) => {
    const socket = simulation.last;
    if (!isOpen(socket)) return;
    const n = simulation.messages++;
    const owed = simulation.session.topics.get(one);
    if (owed) owed.last = n;
    const before = [...(owed?.consumers ?? [])];
    socket.message({ key: one, n });
    // Our Close may be sent by then (S18).
    const isStillOpen = isOpen(socket);
    for (const consumer of simulation.consumers) {
      const got = consumer.log.filter((entry) => entry === n).length;
      if (before.includes(consumer)) expect(got, 'each message once').toBeLessThanOrEqual(1);
      else expect(got, 'nothing for other keys, or for consumers that have just subscribed').toBe(0);
      if (before.includes(consumer) && consumer.isThere && isStillOpen) expect(got, 'nothing is lost').toBe(1);
    }
  },
  open: (simulation) => {
    const socket = simulation.last;
    if (socket?.readyState !== 0) return;
    socket.isHeld = simulation.hasLogin;
    if (simulation.hasLogin) socket.open();
    else flow(simulation, socket, () => socket.open());
  },
  login: (simulation) => {
    const socket = simulation.last;
    if (socket?.readyState !== 1 || !socket.isHeld) return;
    socket.isHeld = false;
    flow(simulation, socket, () => simulation.finishWork());
  },
  renew: (simulation) => {
    const socket = simulation.last;
    if (socket?.readyState !== 1 || socket.isHeld) return;
    socket.isHeld = true;
    simulation.present?.waitUntil(simulation.newWork());
  },
  next: (simulation) => simulation.next(),
  drop: (simulation) => {
    if (simulation.last && simulation.last.readyState < 2) simulation.last.drop();
  },
  restart: (simulation) => {
    if (simulation.last?.readyState === 1) simulation.last.closeClean(1012);
  },
  end: (simulation) => {
    const socket = simulation.last;
    if (socket?.readyState !== 1) return;
    simulation.newSession();
    socket.closeClean(4401);
  },
  close: (simulation) => simulation.close(),
  finish: (simulation) => simulation.made.find(({ readyState }) => readyState === 2)?.closeClean(4000),
  pass: (_play, { ms }) => vi.advanceTimersByTime(ms),
};

function run(steps: readonly Step[], ...options: ConstructorParameters<typeof Simulation>): void {
  // Timers of an earlier run would be found in each later one.
  vi.clearAllTimers();
  const simulation = new Simulation(...options);
  for (const one of steps) {
    (act[one.do] as (simulation: Simulation, step: Step) => void)(simulation, one);
    if (simulation.faults.length > 0) throw simulation.faults[0];
    check(simulation);
  }
  const finish = (): void => {
    for (const socket of simulation.made) if (socket.readyState === 2) socket.closeClean(1000);
  };
  finish();
  for (const { isThere, session } of simulation.consumers) expect(isThere && session.isEnded, 'S1: every session that has ended says so').toBe(false);
  for (const consumer of simulation.consumers) simulation.leave(consumer);
  simulation.keeping?.unsubscribe();
  vi.advanceTimersByTime(1_000);
  finish();
  expect(simulation.made.filter(({ readyState }) => readyState < 3), 'no socket is left').toEqual([]);
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  expect(simulation.faults).toEqual([]);
}

it('S1, S12, S13: in any order of calls and events, each connection gets the request of each wanted key once, and each consumer its messages', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), fc.boolean(), fc.constantFrom(0, 150), fc.boolean(), run),
    { numRuns: 600 },
  );
});
