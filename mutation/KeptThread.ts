import { ThreadsPoolWorker, type PoolOptions, type PoolWorker, type WorkerRequest } from 'vitest/node';

/** What timers and listeners of a mutant leave in a thread goes with it. */
const runsOfAThread = 30;

interface Thread {
  readonly worker: ThreadsPoolWorker;
  runs: number;
}

/** The threads that wait for the next mutant, by project. */
const idle = new Map<string, Thread[]>();

/**
 * A thread of Vitest that runs the tests of many mutants. By default each mutant starts one, and imports the modules anew, which takes longer than its tests.
 */
export class KeptThread implements PoolWorker {
  readonly name = 'kept';
  readonly #idle: Thread[];
  readonly #thread: Thread;
  readonly #listeners: [event: string, callback: (argument: any) => void][] = [];
  #stays = false;

  constructor(options: PoolOptions) {
    const { name } = options.project;
    this.#idle = idle.get(name) ?? [];
    idle.set(name, this.#idle);
    // A mutant in what a module does when it is loaded needs a thread that has not loaded it.
    const { mutantActivation } = options.project.getProvidedContext() as { mutantActivation?: string };
    const used = mutantActivation === 'runtime' ? this.#idle.pop() : undefined;
    this.#thread = used ?? { worker: new ThreadsPoolWorker(options), runs: mutantActivation === 'runtime' ? 0 : runsOfAThread };
  }

  async start(): Promise<void> {
    if (++this.#thread.runs === 1 || this.#thread.runs > runsOfAThread) await this.#thread.worker.start();
  }

  on(event: string, callback: (argument: any) => void): void {
    this.#listeners.push([event, callback]);
    this.#thread.worker.on(event, callback);
  }

  off(event: string, callback: (argument: any) => void): void {
    this.#thread.worker.off(event, callback);
  }

  send(message: WorkerRequest): void {
    this.#stays = message.type === 'stop' && this.#thread.runs < runsOfAThread;
    if (!this.#stays) this.#thread.worker.send(message);
    else for (const [event, callback] of [...this.#listeners]) if (event === 'message') callback({ type: 'stopped', __vitest_worker_response__: true });
  }

  async stop(): Promise<void> {
    if (!this.#stays) return this.#thread.worker.stop();
    for (const [event, callback] of this.#listeners) this.#thread.worker.off(event, callback);
    this.#idle.push(this.#thread);
  }

  deserialize(data: unknown): unknown {
    return data;
  }
}
