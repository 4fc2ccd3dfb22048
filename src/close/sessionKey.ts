/**
 * The key under which every socket event carries the session that it belongs to; `undefined` on an event that your code made. Operators tell
 * socket events from other values by it.
 *
 * It comes from the global symbol registry, because the two module formats of the package hold two copies of every class and must agree.
 *
 * @internal
 */
export const sessionKey: unique symbol = Symbol.for('websocket-subject.session');
