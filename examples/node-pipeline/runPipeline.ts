import { setTimeout as wait } from 'node:timers/promises';
import { WebSocketCloseError } from 'websocket-subject';
import { Delivery } from './Delivery.js';
import { inOrder } from './inOrder.js';
import { openFeed, type Reading } from './openFeed.js';

/** How many readings are summarized at once. */
const atOnce = 8;
/** How many summaries may be on their way into the sink. */
const window = 64;

interface Summary {
  n: number;
  mean: number;
  max: number;
}

export interface PipelineOptions {
  readonly feed: string;
  readonly sink: string;
  /** Ends it in order: no more is read, and what was read is delivered. */
  readonly stop: AbortSignal;
  /** Ms that the sink has to take what was read, once `stop` was aborted. */
  readonly stopWithin: number;
}

/** What became of all the values that have come: each of them was refused, or the sink has it. */
export interface Report {
  /** The number up to which the sink had values before, and that of the last value that has come. */
  after: number;
  last: number;
  /** How many were taken and delivered, and how many were refused. */
  read: number;
  refused: number;
  /** The most that were summarized at once, and that were on their way at once. */
  working: number;
  onTheirWay: number;
  connections: { feed: number; sink: number };
}

/** Feed, validation, summaries, sink: until the feed ends, or `stop` is aborted. It rejects when something that was read could not be delivered. */
export async function runPipeline({ feed: feedUrl, sink, stop, stopWithin }: PipelineOptions): Promise<Report> {
  const delivery = new Delivery<Summary>(sink, window);
  const timer = limited(delivery, stop, stopWithin);
  try {
    const after = await delivery.begin(stop);
    const feed = openFeed(feedUrl, after, AbortSignal.any([stop, delivery.failed]));
    const work = counted(summarize);
    let read = 0;
    try {
      for await (const summary of inOrder(feed.socket, atOnce, work.run)) {
        read += 1;
        await delivery.deliver(summary);
      }
    } catch (error) {
      // How a feed ends that we have ended does not matter: what had come before was given first.
      if (!(error instanceof WebSocketCloseError && error.event.initiator === 'local')) throw error;
    } finally {
      await delivery.finish();
    }
    const connections = { feed: feed.connections, sink: delivery.connections };
    return { after, last: feed.last, read, refused: feed.refused, working: work.most, onTheirWay: delivery.most, connections };
  } catch (error) {
    delivery.fail(error);
    throw error;
  } finally {
    timer.clear();
  }
}

/** Once `stop` is aborted, the sink has so many ms. */
function limited(delivery: Delivery<Summary>, stop: AbortSignal, ms: number): { clear(): void } {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = (): void => delivery.fail(new Error(`After ${ms} ms the sink still had not acknowledged ${delivery.pending} values`));
  stop.addEventListener('abort', () => (timer = setTimeout(tooLate, ms)), { once: true });
  return { clear: () => clearTimeout(timer) };
}

/** Counts how often `work` is under way at once. */
function counted<In, Out>(work: (value: In) => Promise<Out>): { run(value: In): Promise<Out>; most: number } {
  let present = 0;
  const counting = {
    most: 0,
    run: async (value: In): Promise<Out> => {
      present += 1;
      counting.most = Math.max(counting.most, present);
      return work(value).finally(() => (present -= 1));
    },
  };
  return counting;
}

/** Stands for work that takes its time, such as a question to a database. The later of two values may be done first. */
async function summarize({ n, celsius }: Reading): Promise<Summary> {
  await wait((n * 7) % 5);
  return { n, mean: celsius.reduce((sum, sample) => sum + sample, 0) / celsius.length, max: Math.max(...celsius) };
}
