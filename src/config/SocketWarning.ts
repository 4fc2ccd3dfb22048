/**
 * A problem that a subject reports on `warnings`.
 *
 * - `invalid`: a message could not be read, and `onInvalid` is not `'error'`. `error` is its `DeserializeError` or `SchemaError`, with the same `data`;
 * - `dropped`: `count` values or messages are lost, for one of three reasons:
 *   - the outbox is full. The first value is reported at once, the others together when there is room again, or the session is over; `values` holds the
 *     first of them;
 *   - your code ended the session, and the `CloseEvent` with these values as `unsent` reached no subscriber of `events`, no `closeObserver`, and no
 *     subscriber as its error. `values` holds all of them except those of `send()`, whose promises reject;
 *   - a `for await` loop or a stream was too slow to take messages. Only the first loss is reported, until it has caught up;
 * - `stalled`: a `for await` loop or a stream has taken nothing for 10 s while the transport is paused for it; `count` messages wait. If the consumer
 *   waits for a reply on the same connection, it waits forever;
 * - `callback`: a function of yours (`callback` names it) threw; the subject went on without it.
 *
 * While `warnings` has no subscriber, a warning goes to RxJS's `config.onUnhandledError`, if that is set, as an `Error` whose `cause` is the error of the
 * warning, or the warning itself if it has none. Otherwise it goes to `console.warn`, in one line with names and counts, without values. Except for
 * `dropped`, the same text is reported at most once a second.
 */
export type SocketWarning =
  | { readonly kind: 'invalid'; readonly error: Error; readonly data: unknown }
  | { readonly kind: 'dropped'; readonly values: readonly unknown[]; readonly count: number; readonly why: string }
  | { readonly kind: 'stalled'; readonly count: number; readonly why: string }
  | { readonly kind: 'callback'; readonly callback: string; readonly error: unknown };
