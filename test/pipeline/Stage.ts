import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { frameOf } from '../../examples/node-pipeline/frameOf.mjs';
import { freePort } from '../../examples/node-pipeline/freePort.mjs';
import { Program } from '../../examples/node-pipeline/Program.mjs';

const example = fileURLToPath(new URL('../../examples/node-pipeline/', import.meta.url));

interface Summary {
  n: number;
  mean: number;
  max: number;
}

/** Returns the expected summary for a number, or `null` if its frame must be refused. */
function summaryOf(n: number): Summary | null {
  try {
    const { celsius } = JSON.parse(frameOf(n)) as { celsius: number[] | null };
    if (celsius === null || celsius.some((sample) => sample > 60)) return null;
    return { n, mean: celsius.reduce((sum, sample) => sum + sample, 0) / celsius.length, max: Math.max(...celsius) };
  } catch {
    return null;
  }
}

/** Returns the expected summaries and refusals for the numbers up to `last`. */
export function expected(last: number): { summaries: Summary[]; refused: number[] } {
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  const summaries = numbers.map(summaryOf).filter((summary) => summary !== null);
  return { summaries, refused: numbers.filter((n) => summaryOf(n) === null) };
}

/** A feed, a pipeline and a sink, each a process. A restarted end has the same port as before, and the sink the same file. */
export class Stage {
  feed!: Program;
  sink!: Program;
  pipeline!: Program;
  readonly #file: string;
  readonly #built: string;
  readonly ports: { readonly feed: number; readonly sink: number };

  private constructor(built: string, file: string, ports: { feed: number; sink: number }) {
    this.#built = built;
    this.#file = file;
    this.ports = ports;
  }

  static async create(folder: string, built: string): Promise<Stage> {
    const ports = { feed: await freePort(), sink: await freePort() };
    return new Stage(built, join(folder, `${ports.sink}.jsonl`), ports);
  }

  get file(): string {
    return this.#file;
  }

  /** The values in the file of the sink. */
  get written(): unknown[] {
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as unknown);
  }

  /** Without a last number the feed never ends. */
  async startFeed(last = Infinity): Promise<void> {
    this.feed = await listening(new Program(`${example}feed.mjs`, [String(this.ports.feed), String(last)]));
  }

  async startSink(): Promise<void> {
    this.sink = await listening(new Program(`${example}sink.mjs`, [String(this.ports.sink), this.#file]));
  }

  startPipeline(env: Readonly<Record<string, string>> = {}): void {
    this.pipeline = new Program(this.#built, [`ws://127.0.0.1:${this.ports.feed}`, `ws://127.0.0.1:${this.ports.sink}`], env);
  }

  async start(env?: Readonly<Record<string, string>>): Promise<void> {
    await Promise.all([this.startFeed(), this.startSink()]);
    this.startPipeline(env);
  }

  /** Starts everything, and stops the sink with SIGSTOP before the first value: it is connected but reads nothing. */
  async startWithStoppedSink(last = Infinity, env?: Readonly<Record<string, string>>): Promise<void> {
    await this.startSink();
    this.startPipeline(env);
    await this.opened('sink', 1);
    this.sink.signal('SIGSTOP');
    await this.startFeed(last);
  }

  /** Waits until the limit of unacknowledged values is reached. */
  async isFull(): Promise<Record<string, unknown>> {
    return this.pipeline.until(({ full }) => full !== undefined);
  }

  /** Waits until the sink has the value with that number or a later one. */
  async has(n: number): Promise<number> {
    const { have } = await this.sink.until(({ have }) => Number(have) >= n);
    return Number(have);
  }

  /** Waits until the pipeline has connected to that end so many times. */
  async opened(end: 'feed' | 'sink', times: number): Promise<Record<string, unknown>> {
    return this.pipeline.until(({ open }) => open === end, times);
  }

  /** The report that the pipeline logs at its end. */
  get report(): Record<string, unknown> | undefined {
    return this.pipeline.lines.find(({ done }) => done !== undefined)?.['done'] as Record<string, unknown> | undefined;
  }

  /** The numbers that the pipeline has logged as refused. */
  get refused(): unknown[] {
    return this.pipeline.lines.filter(({ refused }) => refused !== undefined).map(({ refused }) => refused);
  }
}

async function listening(server: Program): Promise<Program> {
  await server.until(({ listening }) => listening !== undefined);
  return server;
}
