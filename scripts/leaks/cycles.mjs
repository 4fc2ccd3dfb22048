import { getEventListeners } from 'node:events';
import { BehaviorSubject, filter, firstValueFrom, Subject } from 'rxjs';
import {
  between, closeEvent, closeGracefully, drained, errorOnCode, heartbeat, iterate, latestBy, messages, onOpen, reconnectOnCode, suspendWhile, topics, toWebStreams, webSocket,
} from 'websocket-subject';

const ignore = () => undefined;

/**
 * The kinds of cycles. `ours` and `bare` start what runs the cycles: as many lanes as `gate` expects, each of which calls `gate.pass()` before a cycle.
 * Without `bare` there is nothing to compare with: a cycle makes no transport. `ours` may return a function that throws if something is left.
 */
export const kinds = {
  'opened, and closed by us': { ours: closes(ignore), bare: bareCycles('/echo', (transport) => transport.close(4000, 'bye')) },
  'closed by the server, reconnect': { ours: reconnects('/close/1012'), bare: bareCycles('/close/1012') },
  'reset by the server, reconnect': { ours: reconnects('/reset'), bare: bareCycles('/reset') },
  'refused, reconnect': { ours: refusals, bare: bareRefusals },
  'loops and streams': { ours: streams, bare: bareCycles('/echo', (transport) => transport.close(1000)) },
  'subscribers of an open subject': { ours: subscribers },
  'loops and streams of an open subject': { ours: streamsOfOpen },
};

/** Shows that a leak is found: each cycle keeps its close. */
export const planted = {
  ours: (setUp) => {
    const kept = [];
    return closes((event) => kept.push(event))(setUp);
  },
  bare: kinds['opened, and closed by us'].bare,
};

/** Runs cycles one after another in each lane. */
function inLanes({ gate, lanes }, cycle) {
  let cycles = 0;
  const run = async () => {
    for (;;) {
      await gate.pass();
      await cycle(cycles++);
    }
  };
  for (let lane = 0; lane < lanes; lane++) void run();
}

// --- the transport alone

const bareCycle = (WebSocketCtor, url, end) => new Promise((resolve) => {
  const transport = new WebSocketCtor(url);
  transport.onopen = () => transport.send('"hello"');
  transport.onmessage = () => end?.(transport);
  transport.onclose = () => resolve();
  // Node 22 gives no `close` when a handshake has failed.
  transport.onerror = () => setTimeout(resolve);
});

function bareCycles(path, end) {
  return (setUp) => inLanes(setUp, () => bareCycle(setUp.WebSocketCtor, setUp.server + path, end));
}

function bareRefusals(setUp) {
  inLanes(setUp, (n) => bareCycle(setUp.WebSocketCtor, refusing(setUp, n)));
}

const refusing = ({ closed, server }, n) => (n % 2 === 0 ? closed : `${server}/refuse`);

// --- subjects that are made and ended

/** How your code ends a session. */
const ends = [
  ({ socket }) => socket.close(4000, 'bye'),
  ({ subscription }) => subscription.unsubscribe(),
  ({ socket }) => {
    socket.next('last');
    socket.complete();
  },
  ({ socket }) => socket.error({ code: 4001, reason: 'failed' }),
  ({ socket }) => socket.unsubscribe(),
  ({ leaving }) => leaving.abort(),
];

/** Subjects share what your code may keep for long: signals, observables, a promise. */
function closes(onClose) {
  return (setUp) => {
    const shutdown = new AbortController();
    const hidden = new BehaviorSubject(false);
    const wake = new Subject();
    const never = new Promise(ignore);
    const subjects = [];
    const cycle = async (n) => {
      const leaving = new AbortController();
      const socket = webSocket({ url: `${setUp.server}/echo`, WebSocketCtor: setUp.WebSocketCtor, signal: shutdown.signal }).pipeEvents(
        heartbeat({ ping: () => 'ping' }),
        reconnectOnCode(undefined, { wake }),
        suspendWhile(hidden),
        closeGracefully(shutdown.signal),
        closeGracefully(never),
        closeGracefully(leaving.signal),
      );
      if (subjects.length < 100) subjects.push(new WeakRef(socket));
      const closed = firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'closed')));
      const subscription = socket.subscribe({ next: () => ends[n % ends.length]({ leaving, socket, subscription }), error: ignore });
      socket.next('hello');
      onClose((await closed).closeEvent);
    };
    inLanes(setUp, cycle);
    return () => {
      const left = {
        'listeners of a signal': getEventListeners(shutdown.signal, 'abort').length,
        'subscribers of an observable': Number(hidden.observed) + Number(wake.observed),
        'subjects that are kept': subjects.filter((subject) => subject.deref()).length,
      };
      for (const [what, count] of Object.entries(left)) if (count > 0) throw new Error(`${what}: ${count}`);
    };
  };
}

// --- subjects that reconnect

/** In each lane one subject that reconnects, with everything that listens to its connections. */
function reconnecting({ gate, lanes, WebSocketCtor }, urlOf) {
  const hidden = new BehaviorSubject(false);
  let connections = 0;
  for (let lane = 0; lane < lanes; lane++) {
    const url = async ({ signal }) => {
      await gate.pass();
      signal.throwIfAborted();
      return urlOf(connections++);
    };
    const base = webSocket({ url, WebSocketCtor, connectTimeout: 600_000 });
    const socket = base.pipeEvents(
      onOpen((open) => {
        open.messages.subscribe();
        open.waitUntil(Promise.resolve());
      }),
      heartbeat({ ping: () => 'ping' }),
      reconnectOnCode(between(0, 2)),
      suspendWhile(hidden),
      errorOnCode([4999]),
    );
    socket.status.subscribe();
    socket.warnings.subscribe();
    const send = () => void socket.send('hello');
    // Not before the last value was sent, which a connection that is refused does not do.
    socket.events.subscribe(({ type }) => type === 'open' && send());
    socket.subscribe();
    send();
  }
}

function reconnects(path) {
  return (setUp) => reconnecting(setUp, () => setUp.server + path);
}

function refusals(setUp) {
  reconnecting(setUp, (n) => refusing(setUp, n));
}

// --- loops and streams

/** How a loop or a stream takes one message, and is left. */
const consumers = [
  async (socket) => {
    for await (const message of iterate(socket)) if (message) break;
  },
  async (socket) => {
    const loop = iterate(socket);
    await loop.next();
    await loop.throw(new Error('left')).catch(ignore);
  },
  async (socket) => {
    const reader = toWebStreams(socket).readable.getReader();
    await reader.read();
    await reader.cancel();
  },
  async (socket) => {
    const { readable, writable } = toWebStreams(socket);
    const reader = readable.getReader();
    await reader.read();
    await Promise.all([writable.abort(), reader.closed.catch(ignore)]);
  },
];

function streams(setUp) {
  inLanes(setUp, async (n) => {
    const socket = webSocket({ url: `${setUp.server}/echo`, WebSocketCtor: setUp.WebSocketCtor });
    const closed = firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'closed')));
    socket.next('hello');
    await consumers[n % consumers.length](socket);
    await closed;
  });
}

// --- an open subject

/** Returns a subject that another subscriber keeps open. */
async function openSubject({ server, WebSocketCtor }) {
  const socket = webSocket({ url: `${server}/echo`, WebSocketCtor }).pipeEvents(reconnectOnCode());
  socket.subscribe();
  await firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'open')));
  return socket;
}

async function subscribers(setUp) {
  const socket = await openSubject(setUp);
  const topic = topics(socket, { keyOf: ({ key }) => key, subscribe: (key) => ({ key }), unsubscribe: (key) => ({ key, ends: true }) });
  const wake = new Subject();
  const hidden = new BehaviorSubject(false);
  const shutdown = new AbortController();
  const sources = [
    () => socket,
    () => socket.events,
    () => socket.status,
    () => socket.warnings,
    () => socket.asObservable(),
    () => socket.events.pipe(messages()),
    () => socket.events.pipe(closeEvent()),
    () => socket.pipe(latestBy(({ key }) => key, { every: 1_000 })),
    () => socket.multiplex(() => ({ key: 'a' }), () => ({ key: 'b' }), () => true),
    () => topic('c'),
    () => topic(Math.random()),
    () => socket.pipeEvents(heartbeat({ ping: () => 'ping' }), reconnectOnCode(undefined, { wake }), suspendWhile(hidden), closeGracefully(shutdown.signal)),
    () => socket.events.pipe(reconnectOnCode(undefined, { wake }), errorOnCode([4000])),
  ];
  inLanes(setUp, async (n) => {
    const subscriptions = sources.map((source) => source().subscribe());
    await socket.send({ key: 'a' });
    if (n % 20 === 0) await firstValueFrom(socket);
    for (const subscription of subscriptions) subscription.unsubscribe();
    await drained(socket);
  });
}

async function streamsOfOpen(setUp) {
  const socket = await openSubject(setUp);
  inLanes(setUp, (n) => {
    socket.next('hello');
    return consumers[n % consumers.length](socket);
  });
}
