// node pipeline.mjs FEED_URL SINK_URL: reads, validates, summarizes, writes. On SIGTERM or Ctrl-C it stops reading, delivers what it has read, and exits:
// with 0 if everything is in the sink, else with 1.
import process from 'node:process';
import { runPipeline } from './runPipeline.js';
import { log } from './log.mjs';

const [feed, sink] = process.argv.slice(2);
if (feed === undefined || sink === undefined) {
  console.error('Usage: node pipeline.mjs FEED_URL SINK_URL');
  process.exit(2);
}

const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  // A Ctrl-C under npm arrives twice, so every signal after the first is ignored.
  process.on(signal, () => {
    if (stopping.signal.aborted) return;
    log({ stopping: signal });
    stopping.abort();
  });
}

try {
  log({ done: await runPipeline({ feed, sink, stop: stopping.signal, stopWithin: Number(process.env['STOP_WITHIN'] ?? 10_000) }) });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
