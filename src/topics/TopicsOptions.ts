/** Options of `topics`: how it sorts messages, and what it sends to the server. */
export interface TopicsOptions<In, Out, Key> {
  /**
   * Returns the key of a message: anything that can be a key of a `Map`, or `undefined` for a message that belongs to no topic. It is called once for each
   * message. When it throws, that is reported on `warnings`, and the message is dropped.
   */
  keyOf(message: In): Key | undefined;
  /**
   * Returns the message that asks the server for a key. Called on each connection, once requests may be sent. `last` is the last message that arrived for
   * this key, so that the server can go on from there; `undefined` for none. Return `undefined` to send nothing; the key then counts as requested. When it
   * throws, or its message cannot be serialized, the consumers of this key receive that error.
   */
  subscribe(key: Key, last: In | undefined): Out | undefined;
  /**
   * Returns the message that ends a key, when its last consumer has unsubscribed. It is sent at once, on the connection on which the key was requested:
   * also while a later `waitUntil` is pending or the outbox is being sent, but not after our Close. Return `undefined` to send nothing. If it throws, that
   * is reported on `warnings`.
   */
  unsubscribe(key: Key): Out | undefined;
  /**
   * Returns the key that this message ends, such as that of a stream that the server has completed; `undefined` or `null` for a message that ends none. The
   * consumers of the key first receive the message, unless `keyOf` returns `undefined` for it, and complete. Nothing is sent, and a later consumer requests
   * the key again. It is called once for each message. If it throws, that is reported on `warnings`. Default: no message ends a key.
   */
  end?(message: In): Key | null | undefined;
  /** Milliseconds to keep a key after its last consumer has unsubscribed, 0 to 2147483647. Default 0. A consumer that subscribes meanwhile sends nothing. */
  readonly grace?: number | undefined;
}
