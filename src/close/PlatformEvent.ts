/**
 * The `Event` that the consumer's own libs declare (the DOM's, a worker's, `@types/node`'s), or `{}` where none is declared.
 *
 * A consumer needs no DOM lib, and can still dispatch a `CloseEvent` where there is an `EventTarget`.
 */
export type PlatformEvent = typeof globalThis extends { Event: { prototype: infer E extends object } } ? E : Record<never, never>;

/** The options that every `Event` constructor knows. */
export interface PlatformEventInit {
  /** Whether the event bubbles. Default `false`. */
  bubbles?: boolean;
  /** Whether `preventDefault()` has an effect. Default `false`. */
  cancelable?: boolean;
  /** Whether the event leaves a shadow tree. Default `false`. */
  composed?: boolean;
}
