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

/** What must come of a number: its summary, or `null` where it has to be refused. */
function summaryOf(n: number): Summary | null {
  try {
    const { celsius } = JSON.parse(frameOf(n)) as { celsius: number[] | null };
    if (celsius === null || celsius.some((sample) => sample > 60)) return null;
    return { n, mean: celsius.reduce((sum, sample) => sum + sample, 0) / celsius.length, max: Math.max(...celsius) };
  } catch {
    return null;
  }
}

/** What must come of the first so many numbers. */
export function expected(last: number): { summaries: Summary[]; refused: number[] } {
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  const summaries = numbers.map(summaryOf).filter((summary) => summary !== null);
  return { summaries, refused: numbers.filter((n) => summaryOf(n) === null) };
}

/** A feed, a pipeline and a sink, each a process; an end that is started again has the port, and the sink the file, that it had before. */
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

  static async in(folder: string, built: string): Promise<Stage> {
    const ports = { feed: await freePort(), sink: await freePort() };
    return new Stage(built, join(folder, `${ports.sink}.jsonl`), ports);
  }

  get file(): string {
    return this.#file;
  }

  /** What the sink has written. */
  get written(): unknown[] {
    return readFileSync(this.#file, 'utf8').split('\n').slice(0, -1).map((line) => JSON.parse(line) as unknown);
  }

  /** Without a last number it never ends. */
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

  /** A sink that the pipeline is connected to, and that stands still since before there was a value. */
  async startStanding(last = Infinity, env?: Readonly<Record<string, string>>): Promise<void> {
    await this.startSink();
    this.startPipeline(env);
    await this.opened('sink', 1);
    this.sink.signal('SIGSTOP');
    await this.startFeed(last);
  }

  /** Until no more values fit on their way into the sink. */
  async isFull(): Promise<Record<string, unknown>> {
    return this.pipeline.until(({ full }) => full !== undefined);
  }

  /** Until the sink has the value of that number, or of a later one. */
  async has(n: number): Promise<number> {
    const { have } = await this.sink.until(({ have }) => Number(have) >= n);
    return Number(have);
  }

  /** Until the pipeline was connected to that end so many times. */
  async opened(end: 'feed' | 'sink', times: number): Promise<Record<string, unknown>> {
    return this.pipeline.until(({ open }) => open === end, times);
  }

  /** What the pipeline says in the end. */
  get report(): Record<string, unknown> | undefined {
    return this.pipeline.lines.find(({ done }) => done !== undefined)?.['done'] as Record<string, unknown> | undefined;
  }

  /** The numbers that the pipeline said it has refused. */
  get refused(): unknown[] {
    return this.pipeline.lines.filter(({ refused }) => refused !== undefined).map(({ refused }) => refused);
  }
}

async function listening(server: Program): Promise<Program> {
  await server.until(({ listening }) => listening !== undefined);
  return server;
}
