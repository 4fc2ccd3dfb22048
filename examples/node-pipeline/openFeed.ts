import { errorOnCode, heartbeat, onOpen, reconnectOnCode, webSocket, type WebSocketSubject } from 'websocket-subject';
import { z } from 'zod';
import { policy } from './policy.js';
import { say } from './say.mjs';
import { telling } from './telling.js';

const Reading = z.object({ n: z.int().positive(), celsius: z.array(z.number().min(-90).max(60)).nonempty() });
export type Reading = z.infer<typeof Reading>;
interface Resume {
  op: 'resume';
  after: number;
}

export interface Feed {
  readonly socket: WebSocketSubject<Reading, Resume>;
  /** The number of the last value that has come, good or refused. */
  last: number;
  refused: number;
  connections: number;
}

/** The values after number `last`. On each connection the server is asked to go on after the last one that has come. Aborting `stop` is Close 1000. */
export function openFeed(url: string, last: number, stop: AbortSignal): Feed {
  const base = webSocket<Reading, Resume>({ url, schema: Reading, onInvalid: 'drop', signal: stop });
  const socket = base.pipeEvents(
    onOpen((open) => {
      feed.connections += 1;
      say({ open: 'feed', after: feed.last });
      open.send({ op: 'resume', after: feed.last });
      // When it comes, not when the loop takes it: what waits for the loop has come, and is not to be sent again.
      open.messages.subscribe({ next: ({ n }) => (feed.last = n), error: () => undefined });
    }),
    heartbeat({ every: 15_000, timeout: 10_000 }),
    reconnectOnCode(policy),
    telling('feed'),
    errorOnCode(({ code }) => code !== 1000), // clean is not success: only 1000 is the end of the feed
  );
  const feed: Feed = { socket, last, refused: 0, connections: 0 };
  base.warnings.subscribe((warning) => {
    if (warning.kind !== 'invalid') return say({ warning: warning.kind });
    // The feed leaves no number out, so this is the next one, even where it cannot be read.
    feed.last += 1;
    feed.refused += 1;
    say({ refused: feed.last, why: warning.error.name });
  });
  return feed;
}
