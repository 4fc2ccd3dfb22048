/** The part of a `ReadableStream` that needs no types of a platform. Source: WHATWG Streams. */
export interface ReadableLike<Chunk> {
  /** Whether a reader holds it. */
  readonly locked: boolean;
  /** Ends it: no more is read. */
  cancel(reason?: unknown): Promise<void>;
  /** Reads it by hand. */
  getReader(): {
    readonly closed: Promise<undefined>;
    read(): Promise<{ done: false; value: Chunk } | { done: true; value: Chunk | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
  /**
   * Pipes it through a transform. The DOM's stream types and Node's do not fit each other; this one fits both.
   */
  pipeThrough<Result>(
    transform: { readonly readable: Result; readonly writable: { getWriter(): { write(chunk: Chunk): Promise<void> } } },
    options?: object,
  ): Result;
  /** Splits it into two, each with all further chunks. */
  tee(): [PlatformReadableStream<Chunk>, PlatformReadableStream<Chunk>];
  /** Reads it with `for await`; not every browser has it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Chunk>;
}

/** The part of a `WritableStream` that needs no types of a platform. Source: WHATWG Streams. */
export interface WritableLike<Chunk> {
  /** Whether a writer holds it. */
  readonly locked: boolean;
  /** Ends it with an error. */
  abort(reason?: unknown): Promise<void>;
  /** Ends it. */
  close(): Promise<void>;
  /** Writes to it by hand. */
  getWriter(): {
    readonly closed: Promise<undefined>;
    readonly desiredSize: number | null;
    readonly ready: Promise<undefined>;
    write(chunk: Chunk): Promise<void>;
    close(): Promise<void>;
    abort(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
}

/** A `ReadableStream` as the consumer's own libs declare it, or the part that needs none. */
// If both parts had an iterator, a loop would get `any`.
export type PlatformReadableStream<Chunk> = ReadableLike<Chunk> &
  (typeof globalThis extends { ReadableStream: { prototype: infer Stream extends object } } ? Omit<Stream, typeof Symbol.asyncIterator> : unknown);

/** A `WritableStream` as the consumer's own libs declare it, or the part that needs none. */
export type PlatformWritableStream<Chunk> = WritableLike<Chunk> &
  (typeof globalThis extends { WritableStream: { prototype: infer Stream extends object } } ? Stream : unknown);
