/** How a program is written, where that decides which of its callbacks are called, and from where. */
export interface Flavour {
  /** What `url`, `protocol` and the effect of `onOpen` answer with; what `until` is. */
  readonly answers: 'value' | 'promise' | 'observable';
  /** Where transports come from. */
  readonly gives: 'WebSocketCtor' | 'transport';
  /** Whether transports can be ended without a handshake. */
  readonly terminates: boolean;
  readonly policy: 'function' | 'table' | 'wrapped' | 'random' | 'hinted';
  readonly when: 'signal' | 'promise' | 'observable';
  readonly onInvalid: 'error' | 'drop' | 'code';
  /** Whether messages go through a schema. */
  readonly hasSchema: boolean;
  /** How `heartbeat` pings. */
  readonly pings: 'never' | 'by messages' | 'by the protocol';
  /** Whether the operators are applied with `pipe`, once per subscriber. */
  readonly byHand: boolean;
  /** Whether anybody listens to `warnings`. */
  readonly isHeard: boolean;
  /** Whether an operator of the program stands among ours. */
  readonly isForeign: boolean;
  /** Whether messages are read by topics, by periods and in loops too. */
  readonly reads: 'by subscribing' | 'in every way';
}

export const plain: Flavour = {
  answers: 'value', gives: 'WebSocketCtor', terminates: false, policy: 'function', when: 'observable', onInvalid: 'error', hasSchema: false,
  pings: 'never', byHand: false, isHeard: true, isForeign: false, reads: 'by subscribing',
};

export interface Callback {
  /** Where it stands in the public surface, as `surface.ts` names it. */
  readonly surface: readonly string[];
  /** In which programs it is called. */
  readonly flavours?: readonly Partial<Flavour>[];
  /** Whether the library does something with what it returns. */
  readonly isAsked?: true;
  /** Whether RxJS calls it, which reports what it throws by itself, in a turn of its own. */
  readonly ofSubscriber?: true;
  /** What throws in it is thrown by the platform itself, where nobody can catch. */
  readonly throwsUncaught?: true;
}

const config = 'WebSocketSubjectConfig';
const observer = (name: string, flavours: readonly Partial<Flavour>[] = [{}]): Callback => ({ surface: [`${config}.${name}.next`], flavours });
const byHand = [{}, { byHand: true }] as const;
const inEveryWay = [{ reads: 'in every way' }] as const;

/** What is told to a subscriber, and its end. */
function subscriber(stream: string, surface: readonly string[], tells: readonly string[], flavours: readonly Partial<Flavour>[] = [{}]): Record<string, Callback> {
  const of = (what: string): [string, Callback] => [`${stream} ${what}`, { surface, flavours, ofSubscriber: true }];
  return Object.fromEntries(tells.map(of));
}

/** The answer of a function of the program, or what stands in its place: a promise that is listened to, an observable that is subscribed to. */
function answer(name: string, surface: string, flavours: readonly Partial<Flavour>[] = [{ answers: 'promise' }, { answers: 'observable' }]): Record<string, Callback> {
  const promised = { surface: [`${surface}: PromiseLike`], flavours: flavours.slice(0, 1) };
  const observed = { surface: [`${surface}: Observable`], flavours: flavours.slice(1) };
  return {
    [`${name}.then`]: promised,
    [`${name}.subscribe`]: { ...observed, isAsked: true },
    [`${name}.teardown`]: observed,
    [`${name} answering`]: { surface: [...promised.surface, ...observed.surface], flavours },
  };
}

/** An observable that tells something again and again. */
function telling(name: string, where: string): Record<string, Callback> {
  const surface = [`${where}: Observable`];
  return { [`${name}.subscribe`]: { surface, isAsked: true }, [`${name}.teardown`]: { surface }, [`${name} answering`]: { surface, isAsked: true } };
}

/** Every callback that a program can give, by the name that `World` calls it by. One that is missing here makes misdeeds.surface.test.ts fail. */
const subscribers: Readonly<Record<string, Callback>> = {
  ...subscriber('messages', ['WebSocketSubject subscriber', 'WebSocketSubject.asObservable subscriber'], ['next', 'complete', 'error', 'finalizer'], byHand),
  ...subscriber('events', ['WebSocketSubject.events subscriber'], ['connecting', 'open', 'message', 'close', 'complete', 'error', 'finalizer']),
  ...subscriber(
    'face',
    [
      'WebSocketSubject.events subscriber', 'closeGracefully subscriber', 'errorOnCode subscriber', 'onOpen subscriber', 'reconnectOnCode subscriber',
      'suspendWhile subscriber', 'heartbeat subscriber',
    ],
    ['connecting', 'open', 'message', 'reconnecting', 'close', 'complete', 'error', 'finalizer'],
    byHand,
  ),
  ...subscriber('face messages', ['WebSocketSubject subscriber', 'messages subscriber'], ['next', 'complete', 'error', 'finalizer'], byHand),
  ...subscriber('closeEvent', ['closeEvent subscriber'], ['next', 'complete', 'finalizer']),
  ...subscriber('open.messages', ['SocketOpen.messages subscriber'], ['next', 'complete', 'finalizer']),
  ...subscriber('multiplex', ['WebSocketSubject.multiplex subscriber'], ['next', 'complete', 'error', 'finalizer']),
  ...subscriber('status', ['WebSocketSubject.status subscriber'], ['next']),
  ...subscriber('warnings', ['WebSocketSubject.warnings subscriber'], ['next'], [{ onInvalid: 'drop' }]),
  ...subscriber('topic', ['topics subscriber'], ['next', 'complete', 'error', 'finalizer'], inEveryWay),
  ...subscriber('latest', ['latestBy subscriber'], ['next', 'complete', 'error', 'finalizer'], inEveryWay),
  ...subscriber('loop', [], ['next', 'complete'], inEveryWay),
  // RxJS's, which is told of warnings that nobody listens to.
  onUnhandledError: { surface: [], flavours: [{ isHeard: false, onInvalid: 'drop' }] },

};

const settings: Readonly<Record<string, Callback>> = {
  openObserver: observer('openObserver'),
  closingObserver: observer('closingObserver'),
  closeObserver: observer('closeObserver'),
  url: { surface: [`${config}.url`], isAsked: true },
  ...answer('url', `${config}.url result`),
  protocol: { surface: [`${config}.protocol`], isAsked: true },
  ...answer('protocol', `${config}.protocol result`),
  'context.signal': { surface: ['ConnectionContext.signal listener'], throwsUncaught: true },
  signal: { surface: [`${config}.signal: AbortSignal`], throwsUncaught: true },
  connectTimeout: { surface: [`${config}.connectTimeout`], isAsked: true },
  serializer: { surface: [`${config}.serializer`], isAsked: true },
  deserializer: {
    surface: [`${config}.deserializer`, 'SchemaConfig.deserializer'], isAsked: true, flavours: [{ onInvalid: 'error' }, { onInvalid: 'drop' }, { onInvalid: 'code' }],
  },
  schema: {
    surface: ["StandardSchema.'~standard'.validate", "StandardSchema.'~standard'.validate result: PromiseLike"], isAsked: true,
    flavours: [{ hasSchema: true }, { hasSchema: true, onInvalid: 'drop' }, { hasSchema: true, onInvalid: 'code' }],
  },
};

const transports: Readonly<Record<string, Callback>> = {
  WebSocketCtor: { surface: [`${config}.WebSocketCtor`], isAsked: true },
  transport: { surface: [`${config}.transport`], flavours: [{ gives: 'transport' }], isAsked: true },
  'transport.send': { surface: ['WebSocketLike.send'] },
  'transport.close': { surface: ['WebSocketLike.close'] },
  'transport.on': { surface: ['WebSocketLike.on'], flavours: [{ pings: 'by the protocol' }] },
  'transport.ping': { surface: ['WebSocketLike.ping'], flavours: [{ pings: 'by the protocol' }] },
  'transport.pause': { surface: ['WebSocketLike.pause'], flavours: inEveryWay },
  'transport.resume': { surface: ['WebSocketLike.resume'], flavours: inEveryWay },
  'transport.terminate': { surface: ['WebSocketLike.terminate'], flavours: [{ terminates: true }] },

};

const operators: Readonly<Record<string, Callback>> = {
  effect: { surface: ['onOpen(effect)'], isAsked: true },
  ...answer('effect', 'onOpen(effect) result'),
  ...answer('waitUntil', 'SocketOpen.waitUntil(work)'),
  policy: {
    surface: ['reconnectOnCode(policyOrTable)', 'CodeTable[]', 'atMost(policy)', 'within(policy)', 'serverHint(policy)'], isAsked: true,
    flavours: [{ policy: 'function' }, { policy: 'table' }, { policy: 'wrapped' }, { policy: 'hinted' }],
  },
  random: { surface: ['RandomSource.random'], isAsked: true, flavours: [{ policy: 'random' }, { policy: 'hinted' }] },
  parse: { surface: ['serverHint(parse)'], isAsked: true, flavours: [{ policy: 'hinted' }] },
  ping: { surface: ['HeartbeatOptions.ping'], isAsked: true, flavours: [{ pings: 'by messages' }] },
  isPong: { surface: ['HeartbeatOptions.isPong'], isAsked: true, flavours: [{ pings: 'by messages' }] },
  errorOnCode: { surface: ['errorOnCode(codes)'], isAsked: true },
  ...answer('when', 'closeGracefully(when)', [{ when: 'promise' }, { when: 'observable' }]),
  'when signal': { surface: ['closeGracefully(when): AbortSignal'], flavours: [{ when: 'signal' }], throwsUncaught: true },
  ...answer('until', 'CloseGracefullyOptions.until', [{ answers: 'promise', when: 'signal' }, { answers: 'observable', when: 'observable' }]),
  operator: { surface: ['WebSocketSubject.pipeEvents(operators) result: Observable', 'WebSocketSubject.pipeEvents(operators)(events) subscriber'], flavours: [{ isForeign: true }, { isForeign: true, byHand: true }] },
  ...telling('now', 'ReconnectOptions.now'),
  ...telling('wake', 'ReconnectOptions.wake'),
  ...telling('suspended', 'suspendWhile(signal)'),
  subMsg: { surface: ['WebSocketSubject.multiplex(subMsg)'], isAsked: true },
  unsubMsg: { surface: ['WebSocketSubject.multiplex(unsubMsg)'], isAsked: true },
  messageFilter: { surface: ['WebSocketSubject.multiplex(messageFilter)'], isAsked: true },
  keyOf: { surface: ['TopicsOptions.keyOf'], flavours: inEveryWay, isAsked: true },
  'topic subscribe': { surface: ['TopicsOptions.subscribe'], flavours: inEveryWay, isAsked: true },
  'topic unsubscribe': { surface: ['TopicsOptions.unsubscribe'], flavours: inEveryWay, isAsked: true },
  'latestBy keyOf': { surface: ['latestBy(keyOf)'], flavours: inEveryWay, isAsked: true },
};

export const byKind = { subscribers, settings, transports, operators };
export const callbacks: Readonly<Record<string, Callback>> = { ...subscribers, ...settings, ...transports, ...operators };

/** What the surface has and no session calls, and why. */
export const neverCalled: Readonly<Record<string, string>> = {
  'BlobLike.arrayBuffer': 'tells a Blob from other objects; the transport reads it',
  'PolicyExplanation.toMarkdown(which)': 'called within toMarkdown(), whose caller gets what it throws',
  'PolicyExplanation.toString(which)': 'likewise',
  'explainPolicy(policyOrTable)': 'likewise',
  'WebSocketSubject.pipeEvents(operators)': 'called within pipeEvents(), whose caller gets what it throws',
  'closeGracefully(events): Observable': 'the stream that an operator is put on, which is a callback only where an operator of the program makes it',
  'errorOnCode(events): Observable': 'likewise',
  'heartbeat(events): Observable': 'likewise',
  'onOpen(events): Observable': 'likewise',
  'reconnectOnCode(events): Observable': 'likewise',
  'suspendWhile(events): Observable': 'likewise',
  'PlatformAsyncDisposable.[asyncDispose]': 'what the subject has itself',
  'ReadableLike.pipeThrough(transform).writable.getWriter': 'what the stream of the platform is given, which calls it',
  'ReadableLike.pipeThrough(transform).writable.getWriter result.write': 'likewise',
};
