/** The part of a `ReadableStream` that needs no types of a platform. Source: WHATWG Streams. */
export interface ReadableLike<Chunk> {
  /** Whether a reader has it. */
  readonly locked: boolean;
  /** Tells that nobody reads on. */
  cancel(reason?: unknown): Promise<void>;
  /** Reads it by hand. */
  getReader(): {
    readonly closed: Promise<undefined>;
    read(): Promise<{ done: false; value: Chunk } | { done: true; value: Chunk | undefined }>;
    cancel(reason?: unknown): Promise<void>;
    releaseLock(): void;
  };
  /**
   * Sends it through a transform. Where a program has the DOM's types and Node's, whose streams do not fit each other, this makes it fit both.
   */
  pipeThrough<Result>(
    transform: { readonly readable: Result; readonly writable: { getWriter(): { write(chunk: Chunk): Promise<void> } } },
    options?: object,
  ): Result;
  /** Makes two of it, each with all that is to come. */
  tee(): [PlatformReadableStream<Chunk>, PlatformReadableStream<Chunk>];
  /** Reads it with `for await`; not every browser has it. */
  [Symbol.asyncIterator](): AsyncIterableIterator<Chunk>;
}

/** The part of a `WritableStream` that needs no types of a platform. Source: WHATWG Streams. */
export interface WritableLike<Chunk> {
  /** Whether a writer has it. */
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

/** A `ReadableStream` as the consumer's own libs declare it, or what is had of it without any. */
// What a loop is given would be `any`, if both parts had an iterator.
export type PlatformReadableStream<Chunk> = ReadableLike<Chunk> &
  (typeof globalThis extends { ReadableStream: { prototype: infer Stream extends object } } ? Omit<Stream, typeof Symbol.asyncIterator> : unknown);

/** A `WritableStream` as the consumer's own libs declare it, or what is had of it without any. */
export type PlatformWritableStream<Chunk> = WritableLike<Chunk> &
  (typeof globalThis extends { WritableStream: { prototype: infer Stream extends object } } ? Stream : unknown);
