/**
 * What a subject refused, dropped or survived, reported on `warnings`.
 *
 * - `invalid`: a message that could not be read, with its `DeserializeError` or `SchemaError`, unless `onInvalid` is `'error'`; `data` is that
 *   of the error;
 * - `dropped`: values given to `next()` that will not be sent any more and that no `CloseEvent` delivered to a subscriber names; or messages that
 *   a `for await` loop or a stream was too slow to take: the first of them only, until it has caught up;
 * - `callback`: a function of yours (`callback` names it) threw; the subject went on without it.
 *
 * While `warnings` has no subscriber, a warning goes to RxJS's `config.onUnhandledError` where it is set, as an `Error` whose `cause` is the error of the
 * warning, or the warning; else to `console.warn`.
 */
export type SocketWarning =
  | { readonly kind: 'invalid'; readonly error: Error; readonly data: unknown }
  | { readonly kind: 'dropped'; readonly values: readonly unknown[]; readonly why: string }
  | { readonly kind: 'callback'; readonly callback: string; readonly error: unknown };
