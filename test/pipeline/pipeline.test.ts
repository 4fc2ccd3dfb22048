import { mkdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { buildPipeline } from '../../examples/node-pipeline/buildPipeline.mjs';
import { frameOf } from '../../examples/node-pipeline/frameOf.mjs';
import { Program } from '../../examples/node-pipeline/Program.mjs';
import { expected, Stage } from './Stage.js';

/** Inside the project, so that its packages resolve. */
const folder = fileURLToPath(new URL(`../../temp/pipeline-${process.pid}/`, import.meta.url));

let built: string;
let stage: Stage;

beforeAll(async () => {
  built = await buildPipeline(folder);
  mkdirSync(folder, { recursive: true });
}, 60_000);
beforeEach(async () => {
  stage = await Stage.create(folder, built);
});
afterEach(() => Program.endAll());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Checks that every received value was refused or is in the sink: once, in order, and with the right summary. */
function expectEveryValue(from = 0): void {
  const { last } = stage.report as { last: number };
  const { summaries, refused } = expected(last);
  const own = refused.filter((n) => n > from);
  expect(stage.written).toEqual(summaries);
  expect(stage.refused).toEqual(own);
  expect(stage.report).toMatchObject({ after: from, read: summaries.filter(({ n }) => n > from).length, refused: own.length });
  expect(stage.sink.lines.filter(({ duplicate }) => duplicate !== undefined)).toEqual([]);
}

describe('the pipeline', () => {
  it('ends with the feed, once everything is in the sink', async () => {
    await Promise.all([stage.startFeed(1_000), stage.startSink()]);
    stage.startPipeline();
    expect(await stage.pipeline.ended).toBe(0);
    expect(stage.report).toMatchObject({ last: 1_000, connections: { feed: 1, sink: 1 } });
    expectEveryValue();
  });

  it('loses and duplicates no value while both ends are killed and restarted', async () => {
    await stage.start();
    const kills = [['feed'], ['sink'], ['feed', 'sink'], ['sink'], ['feed'], ['feed', 'sink']] as const;
    const opened = { feed: 1, sink: 1 };
    let n = 0;
    for (const ends of kills) {
      n = await stage.has(n + 150);
      expect(await Promise.all(ends.map((end) => stage[end].end('SIGKILL')))).toEqual(ends.map(() => 'SIGKILL'));
      await Promise.all(ends.map((end) => (end === 'feed' ? stage.startFeed() : stage.startSink())));
      await Promise.all(ends.map((end) => stage.opened(end, ++opened[end])));
    }
    await stage.has(n + 150);
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expect(stage.report).toMatchObject({ connections: opened });
    expectEveryValue();
  });

  it('loses and duplicates no value while both ends restart gracefully, with 1012', async () => {
    await stage.start();
    await stage.has(150);
    expect(await stage.sink.end('SIGTERM')).toBe(0);
    await stage.startSink();
    const n = await stage.has(0);
    expect(await stage.feed.end('SIGTERM')).toBe(0);
    await stage.startFeed();
    await stage.opened('feed', 2);
    await stage.has(n + 150);
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expectEveryValue();
  });

  it('stops reading while the sink does not read, and sends lost values again after the sink is killed', async () => {
    await stage.startWithStoppedSink();
    expect(await stage.isFull()).toEqual({ full: 64, next: expected(200).summaries[64]?.n });
    await stage.sink.end('SIGKILL');
    await stage.startSink();
    expect(await stage.opened('sink', 2)).toEqual({ open: 'sink', have: 0, again: 64 });
    await stage.has(500);
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expect(stage.report).toMatchObject({ maxWorking: 8, maxPending: 64 });
    expectEveryValue();
  });

  it('does not count sent values as delivered: the sink is killed with the last values after the feed has ended', async () => {
    await stage.startWithStoppedSink(60);
    expect(await stage.feed.until(({ closed }) => closed !== undefined)).toEqual({ closed: 1000 });
    await stage.sink.end('SIGKILL');
    expect(stage.written).toEqual([]);
    await stage.startSink();
    expect(await stage.pipeline.ended).toBe(0);
    expect(stage.report).toMatchObject({ last: 60, connections: { feed: 1, sink: 2 } });
    expectEveryValue();
  });

  it('resumes where the sink is after the pipeline was killed', async () => {
    await stage.start();
    await stage.has(300);
    await stage.pipeline.end('SIGKILL');
    await stage.sink.until(({ closed }) => closed !== undefined); // by then it has written everything that it had received
    const { n } = stage.written.at(-1) as { n: number };
    stage.startPipeline();
    await stage.has(n + 300);
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expectEveryValue(n);
  });

  it('gives up if the sink has lost acknowledged values', async () => {
    await stage.start();
    await stage.has(100);
    await stage.sink.end('SIGKILL');
    rmSync(stage.file);
    await stage.startSink();
    expect(await stage.pipeline.ended).toBe(1);
    expect(stage.pipeline.errors).toMatch(/The sink had the values up to \d+, and now only those up to 0/);
  });

  it('fails if the feed ends with a code other than 1000 that is not retried, and delivers the values before it', async () => {
    const feed = new WebSocketServer({ host: '127.0.0.1', port: stage.ports.feed });
    feed.on('connection', (socket) => {
      for (let n = 1; n <= 50; n += 1) socket.send(frameOf(n));
      socket.close(1008, 'not allowed');
    });
    try {
      await stage.startSink();
      stage.startPipeline();
      expect(await stage.pipeline.ended).toBe(1);
      expect(stage.pipeline.errors).toMatch(/WebSocketCloseError.*1008.*not allowed/);
      expect(stage.written).toEqual(expected(50).summaries);
    } finally {
      feed.close();
    }
  });
});

describe('SIGTERM', () => {
  it('closes the feed, delivers what was read, then closes the sink', async () => {
    await stage.start();
    await stage.has(300);
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expect(await stage.feed.until(({ closed }) => closed !== undefined)).toEqual({ closed: 1000 });
    expect(await stage.sink.until(({ closed }) => closed !== undefined)).toEqual({ closed: 1000 });
    expect(stage.pipeline.errors).toBe('');
    expectEveryValue();
  });

  it('waits for a sink that is down', async () => {
    await stage.startWithStoppedSink();
    await stage.isFull();
    await stage.sink.end('SIGKILL');
    stage.pipeline.signal('SIGTERM');
    await stage.pipeline.until(({ stopping }) => stopping !== undefined);
    await stage.startSink();
    expect(await stage.pipeline.ended).toBe(0);
    expectEveryValue();
  });

  it('gives up after a timeout, and the next pipeline resumes where the sink is', async () => {
    await stage.startWithStoppedSink(Infinity, { STOP_WITHIN: '1' });
    await stage.isFull();
    await stage.sink.end('SIGKILL');
    expect(await stage.pipeline.end('SIGTERM')).toBe(1);
    expect(stage.pipeline.errors).toContain('the sink still had not acknowledged 64 values');
    await stage.startSink();
    stage.startPipeline();
    await stage.has(200);
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expectEveryValue();
  });

  it('ends a pipeline that has not started yet at once', async () => {
    stage.startPipeline();
    await stage.pipeline.until(({ lost }) => lost === 'sink');
    expect(await stage.pipeline.end('SIGTERM')).toBe(0);
    expect(stage.report).toMatchObject({ last: 0, read: 0, refused: 0, connections: { feed: 0, sink: 0 } });
  });
});
