import { EMPTY, NEVER, throwError } from 'rxjs';
import { expect } from 'vitest';
import { Thrown } from './Books.js';
import type { Watcher } from './Watcher.js';
import type { World } from './World.js';

/** What a callback does beside, or instead of, what it is there for. */
export type Misdeed =
  | { readonly error: (callback: string) => unknown }
  | { readonly nonsense: () => unknown }
  | { readonly act: (world: World, self?: Watcher) => void };

/** What a callback does when it is called for the n-th time, counted from 1. */
export type Plan = (callback: string, count: number) => Misdeed | undefined;

export const throwing: Readonly<Record<string, Misdeed>> = {
  'throws an Error': { error: (callback) => new Thrown(callback) },
  'throws undefined': { error: () => undefined },
};

/** An answer that nobody can do anything with. A promise that is rejected is handled by whoever made it. */
const nonsense: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  NaN: () => NaN,
  'a negative number': () => -1,
  Infinity: () => Infinity,
  'a bigint': () => 1n,
  'a symbol': () => Symbol('nonsense'),
  'an empty object': () => ({}),
  'an object without a prototype': () => Object.freeze(Object.create(null)) as unknown,
  'an array': () => [],
  'a function': () => () => 1,
  'a rejected promise': () => {
    const rejected = Promise.reject(new Error('nonsense'));
    rejected.catch(() => undefined);
    return rejected;
  },
  'a promise that never settles': () => new Promise(() => undefined),
  'an observable that errors': () => throwError(() => new Error('nonsense')),
  'an observable without a value': () => EMPTY,
};

export const answering: Readonly<Record<string, Misdeed>> = Object.fromEntries(
  Object.entries(nonsense).map(([what, make]) => [`answers with ${what}`, { nonsense: make }]),
);

const act = (act: (world: World, self?: Watcher) => void): Misdeed => ({ act });

export const doing: Readonly<Record<string, Misdeed>> = {
  'unsubscribes itself': act((world, self) => world.leave(self ?? world.watchers.find(({ isLive }) => isLive))),
  'unsubscribes everybody, one by one': act((world) => world.leaveAll()),
  'calls unsubscribe()': act((world) => world.unsubscribe()),
  'calls close()': act((world) => world.do('close()', () => world.socket.close())),
  "calls close(4000, 'x')": act((world) => world.do('close()', () => world.face.close(4000, 'x'))),
  'calls close() with a code that may not be sent': act((world) => world.do('close()', () => expect(() => world.socket.close(1006 as never)).toThrow(/1006/))),
  'calls complete()': act((world) => world.do('complete()', () => world.socket.complete())),
  'calls error() with an Error': act((world) => world.do('error()', () => world.socket.error(new Error('given')))),
  'calls error() with a code': act((world) => world.do('error()', () => world.socket.error({ code: 4001, reason: 'given' }))),
  'calls next()': act((world) => world.next()),
  'subscribes to the messages': act((world) => void world.watchMessages(world.socket)),
  'subscribes to the events': act((world) => void world.watchEvents(world.socket.events)),
  'subscribes to the other face': act((world) => void world.watchEvents(world.face.events)),
  'subscribes, and leaves at once': act((world) => world.leave(world.watchEvents(world.socket.events))),
  'starts everything anew': act((world) => {
    world.unsubscribe();
    world.next();
    world.watchEvents(world.socket.events);
  }),
  'aborts the connection': act((world) => world.do('abort()', () => (world.open ?? world.connecting)?.abort(new Error('aborted')))),
  'aborts the attempt': act((world) => world.do('abort()', () => world.connecting?.abort(new Error('aborted')))),
  'calls retryNow()': act((world) => world.do('retryNow()', () => world.reconnecting?.retryNow())),
  'calls send() of the open event': act((world) => world.send()),
  'has the outbox wait': act((world) => world.do('waitUntil()', () => world.open?.waitUntil(NEVER))),
  'has the outbox wait for what fails': act((world) => world.do('waitUntil()', () => world.open?.waitUntil(throwError(() => new Error('failed'))))),
  'fires what closeGracefully waits for': act((world) => world.fire()),
  'has the connection replaced': act((world) => world.tell('now', undefined)),
  'cuts the waits short': act((world) => world.tell('wake', undefined)),
  'suspends the connection': act((world) => world.tell('suspended', true)),
  'suspends the connection, and lifts it': act((world) => {
    world.tell('suspended', true);
    world.tell('suspended', false);
  }),
  "aborts the config's signal": act((world) => world.aborting.abort()),
  'is called while the connection drops': act((world) => world.drop()),
  'is called while the peer closes': act((world) => world.closeClean(1012)),
  'is called while a message comes': act((world) => world.message()),
  'lets time pass': act((world) => world.network()),
};
