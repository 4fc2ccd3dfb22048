import { errorOnCode, heartbeat, onOpen, reconnectOnCode, webSocket, withSchema, type WebSocketSubject } from 'websocket-subject';
import { z } from 'zod';
import { log } from './log.mjs';
import { logReconnects } from './logReconnects.js';
import { policy } from './policy.js';

const Reading = z.object({ n: z.int().positive(), celsius: z.array(z.number().min(-90).max(60)).nonempty() });
export type Reading = z.infer<typeof Reading>;
interface Resume {
  op: 'resume';
  after: number;
}

export interface Feed {
  readonly socket: WebSocketSubject<Reading, Resume>;
  /** The number of the last value that was received, valid or refused. */
  last: number;
  refused: number;
  connections: number;
}

/**
 * Opens the feed after the value with number `last`. On each connection it asks the server to resume after the last value that was received. Aborting
 * `stop` closes with 1000.
 */
export function openFeed(url: string, last: number, stop: AbortSignal): Feed {
  const base = webSocket<Reading, Resume>({ url, deserializer: withSchema(Reading), onInvalid: 'drop', signal: stop });
  const socket = base.pipeEvents(
    onOpen((open) => {
      feed.connections += 1;
      log({ open: 'feed', after: feed.last });
      open.send({ op: 'resume', after: feed.last });
      // On arrival, not when the loop takes it: a message that waits for the loop was received and must not be sent again.
      open.messages.subscribe({ next: ({ n }) => (feed.last = n), error: () => undefined });
    }),
    heartbeat({ every: 15_000, timeout: 10_000 }),
    reconnectOnCode(policy),
    logReconnects('feed'),
    errorOnCode(({ code }) => code !== 1000), // clean does not mean success: only 1000 ends the feed
  );
  const feed: Feed = { socket, last, refused: 0, connections: 0 };
  base.warnings.subscribe((warning) => {
    if (warning.kind !== 'invalid') return log({ warning: warning.kind });
    // The feed skips no number, so this is the next one, even if it cannot be read.
    feed.last += 1;
    feed.refused += 1;
    log({ refused: feed.last, why: warning.error.name });
  });
  return feed;
}
