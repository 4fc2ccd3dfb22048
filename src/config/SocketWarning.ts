/**
 * What a subject refused, dropped or survived, reported on `warnings`.
 *
 * - `invalid`: a message that could not be read, with its `DeserializeError` or `SchemaError`, unless `onInvalid` is `'error'`; `data` is that
 *   of the error;
 * - `dropped`: values given to `next()` that will not be sent any more: `count` of them, since the outbox was full (reported for the first one, and for
 *   the others together once there is room again, or the session is over; `values` holds the first of them), or since your code ended the session (all of
 *   them) and their `CloseEvent` reached no subscriber of `events`, no `closeObserver` and no subscriber as its error; or messages that a `for await` loop
 *   or a stream was too slow to take: the first of them only, until it has caught up;
 * - `stalled`: a `for await` loop or a stream has taken nothing for 10 s while the transport is paused for it; `count` messages wait. If it waits for a reply
 *   on the same connection, it waits for ever;
 * - `callback`: a function of yours (`callback` names it) threw; the subject went on without it.
 *
 * While `warnings` has no subscriber, a warning goes to RxJS's `config.onUnhandledError` where it is set, as an `Error` whose `cause` is the error of the
 * warning, or the warning; else to `console.warn`, in one line with names and counts, without values.
 */
export type SocketWarning =
  | { readonly kind: 'invalid'; readonly error: Error; readonly data: unknown }
  | { readonly kind: 'dropped'; readonly values: readonly unknown[]; readonly count: number; readonly why: string }
  | { readonly kind: 'stalled'; readonly count: number; readonly why: string }
  | { readonly kind: 'callback'; readonly callback: string; readonly error: unknown };
