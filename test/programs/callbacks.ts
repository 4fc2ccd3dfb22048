/** How your code uses the library, where that decides which callbacks are called. */
export interface Variant {
  /** What `url`, `protocol`, `transportOptions` and the effect of `onOpen` return; what `until` is. */
  readonly results: 'value' | 'promise' | 'observable';
  readonly transportFrom: 'WebSocketCtor' | 'transport';
  /** Whether transports have `terminate()`. */
  readonly terminates: boolean;
  readonly policy: 'function' | 'table' | 'wrapped' | 'random' | 'hinted';
  readonly when: 'signal' | 'promise' | 'observable';
  readonly onInvalid: 'error' | 'drop' | 'code';
  /** Whether the deserializer is that of a schema. */
  readonly hasSchema: boolean;
  /** How `heartbeat` pings. */
  readonly pings: 'never' | 'by messages' | 'by the protocol';
  /** Whether the operators are applied with `pipe()`, once per subscriber. */
  readonly isPiped: boolean;
  /** Whether `warnings` has a subscriber. */
  readonly hasWarnings: boolean;
  /** Whether a custom operator is among those of the library. */
  readonly hasCustomOperator: boolean;
  /** Whether topics, `latestBy` and a loop receive messages, too. */
  readonly consumers: 'subscribers' | 'all';
  /** Milliseconds. */
  readonly linger: number;
  /** Milliseconds. */
  readonly stableAfter: number;
  /** What happens to a third value in the outbox; `null` where a thousand may wait. */
  readonly overflow: 'drop-newest' | 'drop-oldest' | 'throw' | null;
}

export const plain: Variant = {
  results: 'value', transportFrom: 'WebSocketCtor', terminates: false, policy: 'function', when: 'observable', onInvalid: 'error', hasSchema: false,
  pings: 'never', isPiped: false, hasWarnings: true, hasCustomOperator: false, consumers: 'subscribers',
  linger: 0, stableAfter: 5_000, overflow: null,
};

export interface Callback {
  /** Its places in the public surface, as `surface.ts` names them. */
  readonly surface: readonly string[];
  /** The variants that call it. */
  readonly variants?: readonly Partial<Variant>[];
  /** Whether the library uses its result. */
  readonly hasResult?: true;
  /** Whether RxJS calls it, and reports what it throws in a later task. */
  readonly isOfSubscriber?: true;
}

const config = 'WebSocketSubjectConfig';
const observer = (name: string, variants: readonly Partial<Variant>[] = [{}]): Callback => ({ surface: [`${config}.${name}.next`], variants });
const pipedToo = [{}, { isPiped: true }] as const;
const allConsumers = [{ consumers: 'all' }] as const;

/** The callbacks of a subscriber. */
function subscriber(stream: string, surface: readonly string[], callbacks: readonly string[], variants: readonly Partial<Variant>[] = [{}]): Record<string, Callback> {
  const of = (what: string): [string, Callback] => [`${stream} ${what}`, { surface, variants, isOfSubscriber: true }];
  return Object.fromEntries(callbacks.map(of));
}

/** The callbacks of a result: of a promise and of an observable. */
function result(name: string, surface: string, variants: readonly Partial<Variant>[] = [{ results: 'promise' }, { results: 'observable' }]): Record<string, Callback> {
  const promised = { surface: [`${surface}: PromiseLike`], variants: variants.slice(0, 1) };
  const observed = { surface: [`${surface}: Observable`], variants: variants.slice(1) };
  return {
    [`${name}.then`]: promised,
    [`${name}.subscribe`]: { ...observed, hasResult: true },
    [`${name}.teardown`]: observed,
    [`${name} settling`]: { surface: [...promised.surface, ...observed.surface], variants },
  };
}

/** The callbacks of an observable that emits many times. */
function stream(name: string, where: string): Record<string, Callback> {
  const surface = [`${where}: Observable`];
  return { [`${name}.subscribe`]: { surface, hasResult: true }, [`${name}.teardown`]: { surface }, [`${name} settling`]: { surface, hasResult: true } };
}

/** Every callback that your code can give, by the name in `Simulation`. faults.surface.test.ts fails when one is missing. */
const subscribers: Readonly<Record<string, Callback>> = {
  ...subscriber('messages', ['WebSocketSubject subscriber', 'WebSocketSubject.asObservable subscriber'], ['next', 'complete', 'error', 'finalizer'], pipedToo),
  ...subscriber('events', ['WebSocketSubject.events subscriber'], ['connecting', 'open', 'message', 'close', 'complete', 'error', 'finalizer']),
  ...subscriber(
    'derived',
    [
      'WebSocketSubject.events subscriber', 'closeGracefully subscriber', 'errorOnCode subscriber', 'onOpen subscriber', 'reconnectOnCode subscriber',
      'suspendWhile subscriber', 'heartbeat subscriber',
    ],
    ['connecting', 'open', 'message', 'reconnecting', 'close', 'complete', 'error', 'finalizer'],
    pipedToo,
  ),
  ...subscriber('derived messages', ['WebSocketSubject subscriber', 'messages subscriber'], ['next', 'complete', 'error', 'finalizer'], pipedToo),
  ...subscriber('closeEvent', ['closeEvent subscriber'], ['next', 'complete', 'finalizer']),
  ...subscriber('open.messages', ['SocketOpen.messages subscriber'], ['next', 'complete', 'finalizer']),
  ...subscriber('multiplex', ['WebSocketSubject.multiplex subscriber'], ['next', 'complete', 'error', 'finalizer']),
  ...subscriber('status', ['WebSocketSubject.status subscriber'], ['next']),
  ...subscriber('warnings', ['WebSocketSubject.warnings subscriber'], ['next'], [{ onInvalid: 'drop' }]),
  ...subscriber('topic', ['topics subscriber'], ['next', 'complete', 'error', 'finalizer'], allConsumers),
  ...subscriber('latest', ['latestBy subscriber'], ['next', 'complete', 'error', 'finalizer'], allConsumers),
  ...subscriber('loop', [], ['next', 'complete'], allConsumers),
  // RxJS's, which receives the warnings when `warnings` has no subscriber.
  onUnhandledError: { surface: [], variants: [{ hasWarnings: false, onInvalid: 'drop' }] },
};

const settings: Readonly<Record<string, Callback>> = {
  openObserver: observer('openObserver'),
  closingObserver: observer('closingObserver'),
  closeObserver: observer('closeObserver'),
  url: { surface: [`${config}.url`], hasResult: true },
  ...result('url', `${config}.url result`),
  protocol: { surface: [`${config}.protocol`], hasResult: true },
  ...result('protocol', `${config}.protocol result`),
  transportOptions: { surface: [`${config}.transportOptions`], hasResult: true },
  ...result('transportOptions', `${config}.transportOptions result`),
  'context.signal': { surface: ['ConnectionContext.signal listener'] },
  signal: { surface: [`${config}.signal: AbortSignal`] },
  connectTimeout: { surface: [`${config}.connectTimeout`], hasResult: true },
  serializer: { surface: [`${config}.serializer`], hasResult: true },
  deserializer: {
    surface: [`${config}.deserializer`, 'withSchema(read)'], hasResult: true,
    variants: [{ onInvalid: 'error' }, { onInvalid: 'drop' }, { onInvalid: 'code' }, { onInvalid: 'drop', hasSchema: true }],
  },
  schema: {
    surface: ["StandardSchema.'~standard'.validate", "StandardSchema.'~standard'.validate result: PromiseLike"], hasResult: true,
    variants: [{ hasSchema: true }, { hasSchema: true, onInvalid: 'drop' }, { hasSchema: true, onInvalid: 'code' }],
  },
};

const transports: Readonly<Record<string, Callback>> = {
  WebSocketCtor: { surface: [`${config}.WebSocketCtor`], hasResult: true },
  transport: { surface: [`${config}.transport`], variants: [{ transportFrom: 'transport' }], hasResult: true },
  'transport.send': { surface: ['WebSocketLike.send'] },
  'transport.close': { surface: ['WebSocketLike.close'] },
  'transport.on': { surface: ['WebSocketLike.on'], variants: [{ pings: 'by the protocol' }] },
  'transport.ping': { surface: ['WebSocketLike.ping'], variants: [{ pings: 'by the protocol' }] },
  'transport.pause': { surface: ['WebSocketLike.pause'], variants: allConsumers },
  'transport.resume': { surface: ['WebSocketLike.resume'], variants: allConsumers },
  'transport.terminate': { surface: ['WebSocketLike.terminate'], variants: [{ terminates: true }] },
};

const operators: Readonly<Record<string, Callback>> = {
  effect: { surface: ['onOpen(effect)'], hasResult: true },
  ...result('effect', 'onOpen(effect) result'),
  ...result('waitUntil', 'SocketOpen.waitUntil(work)'),
  policy: {
    surface: ['reconnectOnCode(policyOrTable)', 'CodeTable[]', 'atMost(policy)', 'within(policy)', 'serverHint(policy)'], hasResult: true,
    variants: [{ policy: 'function' }, { policy: 'table' }, { policy: 'wrapped' }, { policy: 'hinted' }],
  },
  random: { surface: ['RandomSource.random'], hasResult: true, variants: [{ policy: 'random' }, { policy: 'hinted' }] },
  parse: { surface: ['serverHint(parse)'], hasResult: true, variants: [{ policy: 'hinted' }] },
  ping: { surface: ['heartbeat(options).ping'], hasResult: true, variants: [{ pings: 'by messages' }] },
  isPong: { surface: ['heartbeat(options).isPong'], hasResult: true, variants: [{ pings: 'by messages' }] },
  errorOnCode: { surface: ['errorOnCode(codes)'], hasResult: true },
  ...result('when', 'closeGracefully(when)', [{ when: 'promise' }, { when: 'observable' }]),
  'when signal': { surface: ['closeGracefully(when): AbortSignal'], variants: [{ when: 'signal' }] },
  ...result('until', 'CloseGracefullyOptions.until', [{ results: 'promise', when: 'signal' }, { results: 'observable', when: 'observable' }]),
  operator: { surface: ['WebSocketSubject.pipeEvents(operators) result: Observable', 'WebSocketSubject.pipeEvents(operators)(events) subscriber'], variants: [{ hasCustomOperator: true }, { hasCustomOperator: true, isPiped: true }] },
  ...stream('wake', 'ReconnectOptions.wake'),
  ...stream('suspended', 'suspendWhile(signal)'),
  subMsg: { surface: ['WebSocketSubject.multiplex(subMsg)'], hasResult: true },
  unsubMsg: { surface: ['WebSocketSubject.multiplex(unsubMsg)'], hasResult: true },
  messageFilter: { surface: ['WebSocketSubject.multiplex(messageFilter)'], hasResult: true },
  keyOf: { surface: ['TopicsOptions.keyOf'], variants: allConsumers, hasResult: true },
  'topic end': { surface: ['TopicsOptions.end'], variants: allConsumers, hasResult: true },
  'topic subscribe': { surface: ['TopicsOptions.subscribe'], variants: allConsumers, hasResult: true },
  'topic unsubscribe': { surface: ['TopicsOptions.unsubscribe'], variants: allConsumers, hasResult: true },
  'latestBy keyOf': { surface: ['latestBy(keyOf)'], variants: allConsumers, hasResult: true },
};

export const byKind = { subscribers, settings, transports, operators };
export const callbacks: Readonly<Record<string, Callback>> = { ...subscribers, ...settings, ...transports, ...operators };

/** Places of the public surface that no session calls, and why. */
export const neverCalled: Readonly<Record<string, string>> = {
  'PolicyExplanation.toMarkdown(which)': 'called within toMarkdown(), whose caller receives what it throws',
  'PolicyExplanation.toString(which)': 'likewise',
  'explainPolicy(policyOrTable)': 'likewise',
  'WebSocketSubject.pipeEvents(operators)': 'called within pipeEvents(), whose caller receives what it throws',
  'closeGracefully(events): Observable': 'the source of an operator, which is a callback only where a custom operator made it',
  'errorOnCode(events): Observable': 'likewise',
  'heartbeat(events): Observable': 'likewise',
  'onOpen(events): Observable': 'likewise',
  'reconnectOnCode(events): Observable': 'likewise',
  'suspendWhile(events): Observable': 'likewise',
  'pageCached subscriber': 'never emits in Node, where there is no page',
  'pageWake subscriber': 'likewise',
  'ReadableLike.pipeThrough(transform).writable.getWriter': 'an argument of the platform\'s stream, which calls it',
  'ReadableLike.pipeThrough(transform).writable.getWriter result.write': 'likewise',
};
