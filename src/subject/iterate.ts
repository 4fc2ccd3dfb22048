import { Inbox } from './Inbox.js';
import type { InboxLimits } from './InboxOptions.js';
import type { Source } from './source.js';

/** The messages of a source, one at a time and no faster than they are asked for. It subscribes when the first one is. */
export function iterate<In, Out>(source: Source<In, Out>, limits: InboxLimits): AsyncIterableIterator<In> {
  const inbox = new Inbox<In, Out>(limits);
  let isConnected = false;
  return {
    next() {
      if (!isConnected) {
        isConnected = true;
        inbox.connect(source);
      }
      return inbox.take();
    },
    async return(value?: unknown) {
      inbox.leave();
      return { done: true, value: await value };
    },
    throw(error: unknown) {
      inbox.leave();
      return Promise.resolve().then(() => {
        throw error;
      });
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
