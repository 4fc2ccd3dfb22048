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
  /** Has neither left nor been told an end. */
  isThere: boolean;
}

/** What a session owes: its keys, those in their grace too, in the order of first subscription. */
class Session {
  readonly topics = new Map<string, { consumers: Set<Consumer>; last: number | undefined; graceUntil: number; askedOn: Checked | null }>();
  /** From its first consumer until it is left. */
  isRunning = false;
  isEnded = false;
}

/** One program, its server, and a model of what each is owed. */
class Play {
  readonly consumers: Consumer[] = [];
  readonly made: Checked[] = [];
  session = new Session();
  keeping: Subscription | undefined;
  keptSession: Session | undefined;
  present: SocketOpen<Message, string> | undefined;
  /** What the outbox of the open connection waits for. */
  finishWork = (): void => undefined;
  /** What was found in a callback, where RxJS or the library would keep it from the test. */
  readonly faults: unknown[] = [];
  messages = 0;
  values = 0;
  /** Values that `next()` has accepted and no connection has. */
  waiting: string[] = [];
  readonly topic: ReturnType<typeof topics<Message, string, string>>;
  readonly socket;

  constructor(readonly hasLogin: boolean, readonly grace: number, readonly isKept: boolean) {
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- for the class below
    const play = this;
    const WebSocketCtor = class extends Checked {
      constructor(url: string) {
        super(url, play);
        play.made.push(this);
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

  /** Somebody else keeps the subject connected, whatever becomes of the topics. */
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
        this.expecting(() => expect(consumer.isThere, 'nothing comes to those who have left').toBe(true));
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

  /** What a consumer does from inside a message; not every time, since it would never end. */
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
    // Where there is no session to end, what waits stays for the next.
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

/** A connection to a server that knows what it was asked for, and finds fault at once. */
class Checked extends FakeSocket {
  readonly active = new Set<string>();
  isHeld = false;

  constructor(url: string, readonly play: Play) {
    super(url);
  }

  override send(data: string): void {
    super.send(data);
    this.play.expecting(() => this.judge(data));
  }

  judge(data: string): void {
    expect(this.readyState, 'a closed connection is sent nothing').toBe(1);
    const text = JSON.parse(data) as string;
    if (text === 'login') return;
    expect(this.isHeld, `S12: ${text} waits for the login`).toBe(false);
    const { session, waiting } = this.play;
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

/** What is owed in every quiet moment. */
function check(play: Play): void {
  const { last, session } = play;
  const { topics: owed } = session;
  for (const [one, { graceUntil }] of owed) if (graceUntil <= Date.now()) owed.delete(one);
  // The last to leave takes away what waits.
  if (session.isRunning && owed.size === 0) {
    session.isRunning = false;
    if (play.keptSession !== session) play.waiting = [];
  }
  if (last?.readyState !== 1 || last.isHeld) return;
  for (const [one, { consumers }] of owed) if (consumers.size > 0) expect([...last.active], 'who is there was asked for').toContain(one);
  for (const one of last.active) expect([...owed.keys()], 'who is gone was ended').toContain(one);
  expect(play.waiting, 'S13: the outbox has flowed').toEqual([]);
}

/** Lets the connection be told what it must know: first what is over, then all live keys in their order, then the outbox. */
function flow(play: Play, socket: Checked, begin: () => void): void {
  const owed = [...play.session.topics];
  const over = [...socket.active].filter((one) => play.session.topics.get(one)?.askedOn !== socket);
  const live = owed.filter(([, { consumers, askedOn }]) => consumers.size > 0 && askedOn !== socket);
  const asked = live.map(([one, { last }]) => (last === undefined ? `+${one}` : `+${one}@${last}`));
  const values = [...play.waiting];
  const before = socket.sent.length;
  begin();
  const sent = socket.sent.slice(before).map((text) => JSON.parse(text) as string);
  expect(sent.splice(0, over.length).sort(), 'first what is over').toEqual(over.map((one) => `-${one}`).sort());
  expect(sent, 'S12: then all live keys, then the outbox').toEqual([...asked, ...values]);
}

const act: { [Name in Step['do']]: (play: Play, step: Extract<Step, { do: Name }>) => void } = {
  watch: (play, { key: one, hook }) => play.watch(one, hook),
  leave: (play, { which }) => {
    const consumer = play.consumers.filter(({ isThere }) => isThere).at(-1 - which);
    if (consumer) play.leave(consumer);
  },
  message: (play, { key: one }) => {
    const socket = play.last;
    if (!isOpen(socket)) return;
    const n = play.messages++;
    const owed = play.session.topics.get(one);
    if (owed) owed.last = n;
    const before = [...(owed?.consumers ?? [])];
    socket.message({ key: one, n });
    // Our Close may be sent by then (S18).
    const isStillOpen = isOpen(socket);
    for (const consumer of play.consumers) {
      const got = consumer.log.filter((entry) => entry === n).length;
      if (before.includes(consumer)) expect(got, 'each message once').toBeLessThanOrEqual(1);
      else expect(got, 'nothing for others, or those who have just come').toBe(0);
      if (before.includes(consumer) && consumer.isThere && isStillOpen) expect(got, 'nothing is lost').toBe(1);
    }
  },
  open: (play) => {
    const socket = play.last;
    if (socket?.readyState !== 0) return;
    socket.isHeld = play.hasLogin;
    if (play.hasLogin) socket.open();
    else flow(play, socket, () => socket.open());
  },
  login: (play) => {
    const socket = play.last;
    if (socket?.readyState !== 1 || !socket.isHeld) return;
    socket.isHeld = false;
    flow(play, socket, () => play.finishWork());
  },
  renew: (play) => {
    const socket = play.last;
    if (socket?.readyState !== 1 || socket.isHeld) return;
    socket.isHeld = true;
    play.present?.waitUntil(play.newWork());
  },
  next: (play) => play.next(),
  drop: (play) => {
    if (play.last && play.last.readyState < 2) play.last.drop();
  },
  restart: (play) => {
    if (play.last?.readyState === 1) play.last.closeClean(1012);
  },
  end: (play) => {
    const socket = play.last;
    if (socket?.readyState !== 1) return;
    play.newSession();
    socket.closeClean(4401);
  },
  close: (play) => play.close(),
  finish: (play) => play.made.find(({ readyState }) => readyState === 2)?.closeClean(4000),
  pass: (_play, { ms }) => vi.advanceTimersByTime(ms),
};

function run(steps: readonly Step[], ...flavour: ConstructorParameters<typeof Play>): void {
  // What a run before this one has left would be found in each one after it.
  vi.clearAllTimers();
  const play = new Play(...flavour);
  for (const one of steps) {
    (act[one.do] as (play: Play, step: Step) => void)(play, one);
    if (play.faults.length > 0) throw play.faults[0];
    check(play);
  }
  const finish = (): void => {
    for (const socket of play.made) if (socket.readyState === 2) socket.closeClean(1000);
  };
  finish();
  for (const { isThere, session } of play.consumers) expect(isThere && session.isEnded, 'S1: every session that has ended says so').toBe(false);
  for (const consumer of play.consumers) play.leave(consumer);
  play.keeping?.unsubscribe();
  vi.advanceTimersByTime(1_000);
  finish();
  expect(play.made.filter(({ readyState }) => readyState < 3), 'no socket is left').toEqual([]);
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  expect(play.faults).toEqual([]);
}

it('S1 S12 S13: whatever the order of calls and events, a connection is asked for what is wanted, once, and each consumer gets its messages', { timeout: 60_000 }, () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), fc.boolean(), fc.constantFrom(0, 150), fc.boolean(), run),
    { numRuns: 600 },
  );
});
