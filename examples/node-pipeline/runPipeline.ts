import { setTimeout as wait } from 'node:timers/promises';
import { iterate, WebSocketCloseError } from 'websocket-subject';
import { Delivery } from './Delivery.js';
import { inOrder } from './inOrder.js';
import { openFeed, type Reading } from './openFeed.js';

/** How many readings are summarized at once. */
const concurrency = 8;
/** How many summaries may be unacknowledged. */
const window = 64;

interface Summary {
  n: number;
  mean: number;
  max: number;
}

export interface PipelineOptions {
  readonly feed: string;
  readonly sink: string;
  /** Stops the pipeline: it reads no more, and delivers what it has read. */
  readonly stop: AbortSignal;
  /** Timeout in milliseconds for delivering what was read, once `stop` was aborted. */
  readonly stopWithin: number;
}

/** What happened to the values that were received: each was refused or is in the sink. */
export interface Report {
  /** The number of the last value that the sink had at the start, and that of the last value that was received. */
  after: number;
  last: number;
  /** How many values were delivered, and how many were refused. */
  read: number;
  refused: number;
  /** The highest number of values that were summarized at once, and that were unacknowledged at once. */
  maxWorking: number;
  maxPending: number;
  connections: { feed: number; sink: number };
}

/** Runs until the feed ends or `stop` is aborted. Rejects if a value that was read could not be delivered. */
export async function runPipeline({ feed: feedUrl, sink, stop, stopWithin }: PipelineOptions): Promise<Report> {
  const delivery = new Delivery<Summary>(sink, window);
  const timer = failAfterStop(delivery, stop, stopWithin);
  try {
    const after = await delivery.begin(stop);
    const feed = openFeed(feedUrl, after, AbortSignal.any([stop, delivery.failed]));
    const work = counted(summarize);
    let read = 0;
    try {
      for await (const summary of inOrder(iterate(feed.socket), concurrency, work.run)) {
        read += 1;
        await delivery.deliver(summary);
      }
    } catch (error) {
      // If we ended the feed ourselves, an unclean end does not matter: all messages were yielded before it.
      if (!(error instanceof WebSocketCloseError && error.event.initiator === 'local')) throw error;
    } finally {
      await delivery.finish();
    }
    const connections = { feed: feed.connections, sink: delivery.connections };
    return { after, last: feed.last, read, refused: feed.refused, maxWorking: work.max, maxPending: delivery.maxPending, connections };
  } catch (error) {
    delivery.fail(error);
    throw error;
  } finally {
    timer.clear();
  }
}

/** Fails the delivery if it is not finished within `ms` milliseconds after `stop` was aborted. */
function failAfterStop(delivery: Delivery<Summary>, stop: AbortSignal, ms: number): { clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = (): void => delivery.fail(new Error(`After ${ms} ms the sink still had not acknowledged ${delivery.pending} values`));
  stop.addEventListener('abort', () => (timer = setTimeout(tooLate, ms)), { once: true });
  return { clear: () => clearTimeout(timer) };
}

/** Counts how many calls of `work` run at once. */
function counted<In, Out>(work: (value: In) => Promise<Out>): { run(value: In): Promise<Out>; max: number } {
  let present = 0;
  const counting = {
    max: 0,
    run: async (value: In): Promise<Out> => {
      present += 1;
      counting.max = Math.max(counting.max, present);
      return work(value).finally(() => (present -= 1));
    },
  };
  return counting;
}

/** Stands for slow work, such as a database query. The later of two values may be done first. */
async function summarize({ n, celsius }: Reading): Promise<Summary> {
  await wait((n * 7) % 5);
  return { n, mean: celsius.reduce((sum, sample) => sum + sample, 0) / celsius.length, max: Math.max(...celsius) };
}
