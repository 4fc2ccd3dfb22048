// Where the libs have no such symbol, one that nobody can name stands in for it.
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- its type is used
declare const noSuchSymbol: unique symbol;
declare const asyncDispose: SymbolConstructor extends { readonly asyncDispose: infer Key extends symbol } ? Key : typeof noSuchSymbol;

/**
 * What `await using` asks of a value, where the consumer's own libs declare `Symbol.asyncDispose` (`esnext.disposable`, `@types/node`). Elsewhere it has
 * nothing that could be named.
 *
 * Source: ECMAScript, explicit resource management; TypeScript compiles it from 5.2 on.
 */
export interface PlatformAsyncDisposable {
  /** Ends gracefully, as `complete()` does, and waits until the session is over. It never rejects: how the session ended is told to its subscribers. */
  [asyncDispose](): Promise<void>;
}
