/**
 * The key under which every socket event carries `true`, so that an operator can tell socket events from other values.
 *
 * It comes from the global symbol registry, because the two module formats of the package hold two copies of every class and must agree.
 *
 * @internal
 */
export const socketEventBrand: unique symbol = Symbol.for('websocket-subject.event');
