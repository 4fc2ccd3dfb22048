/**
 * The `Event` that the consumer's own libs declare (the DOM's, a worker's, `@types/node`'s), or `{}` where none is declared.
 *
 * It keeps a DOM lib out of what a consumer needs, and yet lets a `CloseEvent` be dispatched where there is something to dispatch it on.
 */
export type PlatformEvent = typeof globalThis extends { Event: { prototype: infer E extends object } } ? E : Record<never, never>;

/** The options that every `Event` constructor knows. */
export interface PlatformEventInit {
  /** Whether the event bubbles. Default `false`. */
  bubbles?: boolean;
  /** Whether `preventDefault()` has a meaning. Default `false`. */
  cancelable?: boolean;
  /** Whether the event leaves a shadow tree. Default `false`. */
  composed?: boolean;
}
