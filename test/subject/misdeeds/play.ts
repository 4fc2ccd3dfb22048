import { config as rxjsConfig } from 'rxjs';
import { vi } from 'vitest';
import type { Flavour } from './callbacks.js';
import type { Life } from './lives.js';
import type { Plan } from './misdeeds.js';
import { World } from './World.js';

/** What is wrong with a life, and how often a misdeed was done in it. */
export interface Outcome {
  readonly faults: readonly string[];
  readonly done: number;
  /** How often each callback was called. */
  readonly calls: ReadonlyMap<string, number>;
  /** What each subscriber was told. */
  readonly logs: readonly string[];
}

/** Everything that was promised, or resolved, in the steps before. */
async function microtasks(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}

/** Plays a life in which callbacks misbehave as planned, sees everybody to an end, and looks at what is left. */
export async function play(plan: Plan, life: Life, flavour: Partial<Flavour> = {}, mayBeSwallowed: (callback: string) => boolean = () => false): Promise<Outcome> {
  const world = new World(plan, flavour);
  const { faults, watchers, books } = world;
  try {
    const step = async (one: (world: World) => void): Promise<void> => {
      one(world);
      world.atMostOne();
      await microtasks();
      world.atMostOne();
    };
    const pass = (ms: number): Promise<void> => step(() => world.pass(ms));
    for (const one of life.steps) await step(one);

    for (let round = 0; round < 30 && watchers.some(({ isLive }) => isLive); round++) {
      await step(life.end);
      for (let i = 0; i < 3; i++) await step(() => world.network());
      await pass(round < 20 ? 100 : 100_000);
    }
    for (const { isLive, name, log } of watchers) if (isLive) faults.push(`S1: '${name}' never ends: ${log.join(' ')}`);

    world.isArmed = false;
    // Sessions that nobody watches may still have an end of their own to come to.
    for (let i = 0; i < 6; i++) await step(() => world.network());
    await pass(100_000);
    await fresh(world, step);
    await pass(1);
    faults.push(...over(world));
    faults.push(...books.faults(mayBeSwallowed));
    for (const { name, faults: own, log } of watchers) for (const fault of own) faults.push(`${fault} ('${name}': ${log.join(' ')})`);
  } finally {
    rxjsConfig.onUnhandledError = null;
    vi.clearAllTimers();
  }
  return { faults: [...new Set(faults)], done: world.done, calls: world.calls, logs: watchers.map(({ name, log }) => `${name}: ${log.join(' ')}`) };
}

/** The subject still works: who subscribes gets a connection and its messages, and what waits is sent. */
async function fresh(world: World, step: (one: (world: World) => void) => Promise<void>): Promise<void> {
  const isAborted = world.aborting.signal.aborted;
  for (let round = 0; round < 10; round++) {
    const watcher = world.watchEvents(world.socket.events);
    for (let i = 0; i < 3; i++) await step(() => world.network());
    await step(() => world.message());
    if (!isAborted && watcher.isLive && watcher.received !== 1) world.faults.push(`a fresh subscriber gets ${watcher.log.join(' ')}`);
    if (!isAborted && watcher.log[0] !== 'connecting') world.faults.push(`a fresh subscriber first gets ${watcher.log.join(' ')}`);
    await step(() => world.do('complete()', () => world.socket.complete()));
    for (let i = 0; i < 3; i++) await step(() => world.network());
    if (watcher.isLive) world.faults.push(`a fresh subscriber never ends: ${watcher.log.join(' ')}`);
    if (world.statuses.at(-1)?.queued === 0) return;
  }
  world.faults.push('the outbox is never empty');
}

function over(world: World): string[] {
  const faults: string[] = [];
  const left = vi.getTimerCount();
  if (left > 0) faults.push(`${left} timers are left`);
  if (world.made.some(({ isAlive }) => isAlive)) faults.push('S7: a transport is left');
  if (world.socket.observed || world.face.observed) faults.push('a subscriber is left');
  const state = world.statuses.at(-1)?.state;
  if (state !== 'closed') faults.push(`S10: the status is ${state}`);
  return faults;
}
