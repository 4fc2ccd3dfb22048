// node pipeline.mjs FEED_URL SINK_URL: reads, validates, summarizes, writes. SIGTERM and Ctrl-C end it when everything that it has read is in the sink.
// It ends with 0 when that is so, else with 1.
import process from 'node:process';
import { runPipeline } from './runPipeline.js';
import { say } from './say.mjs';

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
    say({ stopping: signal });
    stopping.abort();
  });
}

try {
  say({ done: await runPipeline({ feed, sink, stop: stopping.signal, stopWithin: Number(process.env['STOP_WITHIN'] ?? 10_000) }) });
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}
