import { BehaviorSubject, first, firstValueFrom, lastValueFrom, NEVER, timeout, timer } from 'rxjs';
import {
  after, atMost, closeGracefully, drained, errorOnCode, heartbeat, iterate, onOpen, reconnectOnCode, stop, suspendWhile, topics, toWebStreams,
} from 'websocket-subject';

const hour = 3_600_000;
const ignore = () => undefined;
const done = new Error('done');
/** For servers that do not answer our Close. */
const soon = { closeTimeout: 200 };

/** Ends a session with `end(socket, subscription)` when a message has arrived. */
const onMessage = (end) => (made) => {
  const { socket, subscribe } = made;
  const subscription = subscribe(socket, () => end({ ...made, subscription }));
  socket.next('hello');
};

/** Ends a session in a state of the status. */
const when = (state, end) => (made) => {
  const { base, socket, subscribe } = made;
  let hasEnded = false;
  const subscription = subscribe(socket);
  base.status.subscribe((status) => {
    if (hasEnded || status.state !== state) return;
    hasEnded = true;
    setImmediate(() => end({ ...made, subscription }));
  });
  socket.next('hello');
};

/** Makes streams, and ends them when a message has arrived. */
const streams = (end) => async ({ socket }) => {
  const { readable, writable } = toWebStreams(socket);
  const reader = readable.getReader();
  reader.closed.catch(ignore);
  socket.next('hello');
  await reader.read();
  await end({ reader, writable });
};

/** Only subscribes, and sends. */
const waits = ({ socket, subscribe }) => {
  subscribe(socket);
  socket.next('hello');
};

/**
 * The ways in which a session ends. `path` is that of the server, `/echo` by default, `null` where there is none; `config` and `operators` are those of the
 * subject; `said` is what must have happened when the process exits. `only` names the transports for which that holds (see docs/limits.md, and `linger` in docs/guides/node.md).
 */
export const ends = {
  'close(), answered': { act: onMessage(({ socket }) => socket.close(4000, 'bye')), said: 'complete 4000' },
  'close(), not answered, TCP ended': { path: '/echo/no-answer', act: onMessage(({ socket }) => socket.close(4000)), said: 'error 1006' },
  'close(), not answered in time, TCP ended later': {
    path: '/echo/no-answer-yet', config: soon, act: onMessage(({ socket }) => socket.close(4000)), said: 'error 1006',
  },
  'close(), never answered': { path: '/echo/never-answer', config: soon, act: onMessage(({ socket }) => socket.close(4000)), said: 'error 1006', only: ['ws'] },
  'close() before the open': { path: '/hang', act: when('connecting', ({ socket }) => socket.close(4000)), said: 'complete 4000' },
  'close() while the url is pending': { config: { url: () => NEVER }, act: when('connecting', ({ socket }) => socket.close(4000)), said: 'complete 4000' },
  'close() during a wait': { path: '/refuse', operators: [reconnectOnCode(after(hour))], act: when('waiting', ({ socket }) => socket.close(4000)), said: 'complete 4000' },
  'close() while suspended': {
    operators: [reconnectOnCode(after(hour)), suspendWhile(new BehaviorSubject(true))], act: when('waiting', ({ socket }) => socket.close(4000)), said: 'complete 4000',
  },
  'complete() with values waiting': {
    act({ socket, subscribe }) {
      subscribe(socket);
      for (const value of ['a', 'b', 'c']) socket.next(value);
      socket.complete();
    },
    said: 'complete 1000',
  },
  'complete(), TCP ended before the answer': { path: '/mute/no-answer', act: when('open', ({ socket }) => socket.complete()), said: 'error 1006' },
  'error(new Error())': { act: onMessage(({ socket }) => socket.error(done)), said: 'error Error' },
  'error({ code, reason })': { act: onMessage(({ socket }) => socket.error({ code: 4001, reason: 'failed' })), said: 'complete 4001' },
  'the signal of the config': {
    config: ({ controller }) => ({ signal: controller.signal }), act: onMessage(({ controller }) => controller.abort()), said: 'complete 1000',
  },
  'the signal of the config, aborted before': {
    config: { signal: AbortSignal.abort() }, act: waits, said: 'complete 1000',
  },
  'closeGracefully(), with a value waiting': {
    operators: ({ controller }) => [closeGracefully(controller.signal, { code: 4002, until: timer(50) })],
    act: onMessage(({ controller, socket }) => {
      socket.next('last');
      controller.abort();
    }),
    said: 'complete 4002',
  },
  'closeGracefully() on a promise that never settles; close()': {
    operators: [closeGracefully(new Promise(ignore))], act: onMessage(({ socket }) => socket.close(4000)), said: 'complete 4000',
  },
  'the server closes, 1000': { path: '/close/1000', act: waits, said: 'complete 1000' },
  'the server closes, 1011': { path: '/close/1011', act: waits, said: 'complete 1011' },
  'the server resets TCP': { path: '/reset', act: waits, said: 'error 1006' },
  'the server answers 503': { path: '/refuse', act: waits, said: 'error 1006' },
  'no server': { path: null, act: waits, said: 'error 1006' },
  'the server never answers the handshake': { path: '/hang', config: { connectTimeout: 100 }, act: waits, said: 'error 1006' },
  'the constructor refuses the url': { config: { url: 'nonsense://' }, act: waits, said: 'error SyntaxError' },
  'errorOnCode()': { path: '/close/4401', operators: [errorOnCode([4401])], act: waits, said: 'error 4401' },
  'the policy stops': { path: '/close/4401', operators: [reconnectOnCode({ 4401: stop })], act: waits, said: 'complete 4401' },
  'the policy gives up': { path: null, operators: [reconnectOnCode(atMost(2, after(10)))], act: waits, said: 'error 1006' },
  'the policy throws': {
    path: '/close/1012',
    operators: [reconnectOnCode(() => {
      throw done;
    })],
    act: waits,
    said: 'complete 1012',
  },
  'reconnect(), then close()': {
    act({ base, socket, subscribe }) {
      subscribe(socket, () => socket.close(4000));
      let opened = 0;
      base.status.subscribe(({ state }) => {
        if (state !== 'open') return;
        if (++opened === 1) socket.reconnect();
        else socket.next('hello');
      });
    },
    said: 'complete 4000',
  },
  'the last unsubscribe, open': { act: onMessage(({ subscription }) => subscription.unsubscribe()), said: 'left 1000' },
  'the last unsubscribe, connecting': { path: '/hang', act: when('connecting', ({ subscription }) => subscription.unsubscribe()), said: 'left 1000' },
  'the last unsubscribe, waiting': {
    path: '/refuse', operators: [reconnectOnCode(after(hour))], act: when('waiting', ({ subscription }) => subscription.unsubscribe()), said: 'left 1000',
  },
  'unsubscribe() of the subject': { act: onMessage(({ socket }) => socket.unsubscribe()), said: 'left 1000' },
  'firstValueFrom()': {
    act: async ({ socket }) => {
      socket.next('hello');
      await firstValueFrom(socket);
    },
    said: 'left 1000',
  },
  'lastValueFrom() of events': {
    path: '/close/1000',
    act: async ({ socket }) => {
      socket.next('hello');
      await lastValueFrom(socket.events);
    },
    said: 'left 1000',
  },
  'the timeout of RxJS': { path: '/mute', act: ({ socket, subscribe }) => subscribe(socket.pipe(timeout(100))), said: 'error TimeoutError' },
  'linger is over': { config: { linger: 100 }, act: onMessage(({ subscription }) => subscription.unsubscribe()), said: 'left 1000', only: ['undici', 'native'] },
  'linger goes on': { config: { linger: hour }, act: onMessage(({ subscription }) => subscription.unsubscribe()), said: 'open', only: ['ws'] },
  'linger, then close()': {
    config: { linger: hour },
    act: onMessage(({ socket, subscription }) => {
      subscription.unsubscribe();
      socket.close();
    }),
    said: 'left 1000',
  },
  'a heartbeat times out': { path: '/mute', operators: [heartbeat({ every: 50, timeout: 50, ping: () => 'ping' })], act: waits, said: 'error 1006' },
  'a heartbeat times out, half open': {
    path: '/mute/never-answer', config: soon, operators: [heartbeat({ every: 50, timeout: 50, ping: () => 'ping' })], act: waits, said: 'error 1006', only: ['ws'],
  },
  'a heartbeat runs; close()': {
    operators: [heartbeat({ every: hour, timeout: hour, ping: () => 'ping' })], act: onMessage(({ socket }) => socket.close(4000)), said: 'complete 4000',
  },
  'a subscriber throws, then close()': {
    act: onMessage(({ socket }) => {
      socket.close(4000);
      throw done;
    }),
    said: 'uncaught done, complete 4000',
  },
  'a message that cannot be read': { config: { deserializer: () => JSON.parse('{') }, act: waits, said: 'error DeserializeError' },
  'work on open fails': { operators: [onOpen(() => Promise.reject(done))], act: waits, said: 'error 1006' },
  'work on open takes too long': { config: { connectTimeout: 200 }, operators: [onOpen(() => new Promise(ignore))], act: waits, said: 'error 1006' },
  'send() and drained(), then close()': {
    act: async ({ socket, subscribe }) => {
      subscribe(socket);
      await socket.send('hello');
      await drained(socket);
      socket.close(4000);
    },
    said: 'complete 4000',
  },
  'send() that is never sent': {
    path: '/hang',
    act: async ({ say, socket, subscribe }) => {
      subscribe(socket);
      const sending = socket.send('hello');
      socket.close(4000);
      await sending.catch(({ name }) => say(name));
    },
    said: 'complete 4000, UnsentError',
  },
  'the last topic is left': {
    act({ socket }) {
      const topic = topics(socket, { keyOf: String, subscribe: (key) => key, unsubscribe: (key) => key, grace: 50 });
      const subscription = topic('a').subscribe(() => subscription.unsubscribe());
    },
    said: 'left 1000',
  },
  'multiplex() is left': {
    act({ socket }) {
      const subscription = socket.multiplex(() => 'a', () => 'b', () => true).subscribe(() => setImmediate(() => subscription.unsubscribe()));
    },
    said: 'left 1000',
  },
  'break in a loop': {
    act: async ({ socket }) => {
      socket.next('hello');
      for await (const message of iterate(socket)) if (message) break;
    },
    said: 'left 1000',
  },
  'throw in a loop': {
    act: async ({ say, socket }) => {
      socket.next('hello');
      try {
        for await (const message of iterate(socket)) if (message) throw done;
      } catch ({ message }) {
        say(message);
      }
    },
    said: 'done, left 1000',
  },
  'return() while the loop waits': {
    path: '/mute',
    act: async ({ base, socket }) => {
      const loop = iterate(socket);
      const next = loop.next();
      await firstValueFrom(base.status.pipe(first(({ state }) => state === 'open')));
      await loop.return();
      await next;
    },
    said: 'left 1000',
  },
  'a readable is cancelled': { act: streams(({ reader }) => reader.cancel()), said: 'left 1000' },
  'a writable is closed': { act: streams(({ writable }) => writable.close()), said: 'left 1000' },
  'a writable is aborted': { act: streams(({ writable }) => writable.abort()), said: 'left 1000' },
  'a writable is aborted with a reason': { act: streams(({ writable }) => writable.abort(done)), said: 'left 1000' },
};
