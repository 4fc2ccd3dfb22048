import type { WebSocketCtor } from '../config/WebSocketLike.js';

/**
 * Settings that an entry point of this library applies to the subjects that it makes: timers, transports, randomness and the page. By default nothing
 * is set.
 *
 * @internal
 */
export interface Environment {
  /** Runs everything that makes a timer or a transport, such as outside of an Angular zone. */
  readonly scope?: <T>(work: () => T) => T;
  /** The class of transports, if the config names none. */
  readonly WebSocketCtor?: WebSocketCtor;
  /** The source of randomness, if a policy has none of its own. */
  readonly random?: () => number;
  /** The page whose signals are followed: an object like `globalThis` of a browser. */
  readonly page?: object;
  /** Connect timeout in milliseconds, if the config names none; `Infinity` for no timeout. */
  readonly connectTimeout?: number;
}

/**
 * A class of transports may bring an environment with it under this key. It is a registered symbol, so that the ES and the CommonJS build of the library
 * know each other's classes.
 *
 * @internal
 */
export const environmentKey: unique symbol = Symbol.for('websocket-subject.environment');

let current: Environment = {};

/** @internal Returns the environment that a subject takes when it is made. */
export const currentEnvironment = (): Environment => current;

/** @internal Adds the environment that belongs to the class of transports: that of the config, of the environment, or the global one. */
export function withTransports(environment: Environment, WebSocketCtor = environment.WebSocketCtor): Environment {
  const known = WebSocketCtor ?? (globalThis as { WebSocket?: object }).WebSocket;
  return { ...environment, ...(known as { [environmentKey]?: Environment } | undefined)?.[environmentKey] };
}

/** @internal Runs a factory; the subjects that it makes take this environment. */
export function withEnvironment<T>(environment: Environment, factory: () => T): T {
  const outer = current;
  current = environment;
  try {
    return factory();
  } finally {
    current = outer;
  }
}

/** @internal Runs work that makes a timer or a transport, in the scope of the environment. */
export function inScope<T>({ scope }: Environment, work: () => T): T {
  return scope === undefined ? work() : scope(work);
}

/** @internal */
export type Timer = ReturnType<typeof setTimeout>;

/** @internal Starts a timer; the work runs once after so many milliseconds, after `Infinity` never. */
export function startTimer(environment: Environment, ms: number, work: () => void): Timer | undefined {
  return ms < Infinity ? inScope(environment, () => setTimeout(work, ms)) : undefined;
}
