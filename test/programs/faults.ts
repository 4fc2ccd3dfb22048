import { EMPTY, NEVER, throwError } from 'rxjs';
import { expect } from 'vitest';
import type { CheckedSubscriber } from './laws/Subscriber.js';
import { InjectedError } from './laws/Values.js';
import type { Simulation } from './Simulation.js';

/** What an injected fault makes a callback do: throw an error, return a wrong result, or act before or after its own work. */
export type Fault =
  | { readonly error: (callback: string) => unknown }
  | { readonly result: () => unknown }
  | { readonly act: (simulation: Simulation, self?: CheckedSubscriber) => void };

/** Returns the fault of the n-th call of a callback, counted from 1. */
export type Plan = (callback: string, count: number) => Fault | undefined;

export const throwing: Readonly<Record<string, Fault>> = {
  'throws an Error': { error: (callback) => new InjectedError(callback) },
  'throws undefined': { error: () => undefined },
};

/** Results that the library cannot use. The rejection of a promise is handled here. */
const results: Readonly<Record<string, () => unknown>> = {
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

export const returning: Readonly<Record<string, Fault>> = Object.fromEntries(
  Object.entries(results).map(([what, result]) => [`returns ${what}`, { result }]),
);

const act = (act: (simulation: Simulation, self?: CheckedSubscriber) => void): Extract<Fault, { act: unknown }> => ({ act });

/** Re-entrant calls, and events of the network during the call. */
export const acting: Readonly<Record<string, Extract<Fault, { act: unknown }>>> = {
  'unsubscribes itself': act((simulation, self) => simulation.unsubscribeOne(self ?? simulation.subscribers.find(({ isLive }) => isLive))),
  'unsubscribes all, one by one': act((simulation) => simulation.unsubscribeEach()),
  'calls unsubscribe()': act((simulation) => simulation.unsubscribe()),
  'calls close()': act((simulation) => simulation.do('close()', () => simulation.socket.close())),
  "calls close(4000, 'x')": act((simulation) => simulation.do('close()', () => simulation.derived.close(4000, 'x'))),
  'calls close() with a code that must not be sent': act((simulation) => {
    simulation.do('close()', () => expect(() => simulation.socket.close(1006 as never)).toThrow(/1006/));
  }),
  'calls complete()': act((simulation) => simulation.complete()),
  'calls send()': act((simulation) => simulation.sendValue()),
  'calls error() with an Error': act((simulation) => simulation.do('error()', () => simulation.socket.error(new Error('given')))),
  'calls error() with a code': act((simulation) => simulation.do('error()', () => simulation.socket.error({ code: 4001, reason: 'given' }))),
  'calls next()': act((simulation) => simulation.next()),
  'calls reconnect()': act((simulation) => simulation.reconnect()),
  'subscribes to the messages': act((simulation) => void simulation.subscribeMessages(simulation.socket)),
  'subscribes to the events': act((simulation) => void simulation.subscribeEvents(simulation.socket.events)),
  'subscribes to the events of the derived subject': act((simulation) => void simulation.subscribeEvents(simulation.derived.events)),
  'subscribes and unsubscribes': act((simulation) => simulation.unsubscribeOne(simulation.subscribeEvents(simulation.socket.events))),
  'begins a new session': act((simulation) => {
    simulation.unsubscribe();
    simulation.next();
    simulation.subscribeEvents(simulation.socket.events);
  }),
  'aborts the connection': act((simulation) => simulation.do('abort()', () => (simulation.open ?? simulation.connecting)?.abort(new Error('aborted')))),
  'aborts the attempt': act((simulation) => simulation.do('abort()', () => simulation.connecting?.abort(new Error('aborted')))),
  'calls retryNow()': act((simulation) => simulation.do('retryNow()', () => simulation.reconnecting?.retryNow())),
  'calls send() of the open event': act((simulation) => simulation.send()),
  'calls waitUntil() with work that never ends': act((simulation) => simulation.do('waitUntil()', () => simulation.open?.waitUntil(NEVER))),
  'calls waitUntil() with work that fails': act((simulation) => {
    simulation.do('waitUntil()', () => simulation.open?.waitUntil(throwError(() => new Error('failed'))));
  }),
  'triggers closeGracefully': act((simulation) => simulation.triggerGracefulClose()),
  'emits wake': act((simulation) => simulation.emit('wake', undefined)),
  'suspends the connection': act((simulation) => simulation.emit('suspended', true)),
  'suspends and resumes the connection': act((simulation) => {
    simulation.emit('suspended', true);
    simulation.emit('suspended', false);
  }),
  "aborts the config's signal": act((simulation) => simulation.aborting.abort()),
  'is interrupted by a drop': act((simulation) => simulation.drop()),
  "is interrupted by the server's Close": act((simulation) => simulation.closeClean(1012)),
  'is interrupted by a message': act((simulation) => simulation.message()),
  'lets time pass': act((simulation) => simulation.network()),
};
