import { config as rxjsConfig } from 'rxjs';
import { vi } from 'vitest';
import * as source from '../../src/index.js';
import type { Variant } from './callbacks.js';
import type { Plan } from './faults.js';
import { ends, stepOf, type Scenario } from './scenarios.js';
import { Simulation, type Library } from './Simulation.js';

export interface Outcome {
  /** What went against the laws. */
  readonly violations: readonly string[];
  /** How many faults were injected. */
  readonly injected: number;
  /** How often each callback was called. */
  readonly calls: ReadonlyMap<string, number>;
  /** What each subscriber received. */
  readonly logs: readonly string[];
}

/** Runs everything that is promised or resolved so far. */
async function microtasks(): Promise<void> {
  for (let i = 0; i < 8; i++) await Promise.resolve();
}

/** Runs a scenario in which callbacks have the planned faults, ends all subscribers, and checks the laws and what is left. */
export async function simulate(
  plan: Plan,
  scenario: Scenario,
  variant: Partial<Variant> = {},
  mayBeUnreported: (callback: string) => boolean = () => false,
  library: Library = source,
): Promise<Outcome> {
  // Stacks of errors and timers that nothing prints take a third of the time.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const simulation = new Simulation(plan, variant, library);
  const { connections, subscribers, values, violations } = simulation;
  try {
    const run = async (step: (simulation: Simulation) => void): Promise<void> => {
      step(simulation);
      connections.atRest();
      await microtasks();
      simulation.checkAtRest();
    };
    const pass = (ms: number): Promise<void> => run(() => simulation.pass(ms));
    for (const step of scenario.steps) await run(stepOf(step));

    for (let round = 0; round < 30 && subscribers.some(({ isLive }) => isLive); round++) {
      await run(ends[scenario.end]);
      for (let i = 0; i < 4; i++) await run(() => simulation.network());
      await pass(round < 20 ? 100 : 100_000);
    }
    for (const { isLive, name, log } of subscribers) if (isLive) violations.push(`S1: '${name}' never ends: ${log.join(' ')}`);

    simulation.isArmed = false;
    // Sessions without a subscriber may still have to end.
    for (let i = 0; i < 8; i++) await run(() => simulation.network());
    await pass(100_000);
    await checkNewSession(simulation, run);
    await pass(1);
    violations.push(...leaks(simulation));
    connections.atEnd();
    values.atEnd(mayBeUnreported);
    violations.push(...connections.violations, ...values.violations);
    for (const { name, violations: own, log } of subscribers) for (const one of own) violations.push(`${one} ('${name}': ${log.join(' ')})`);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
    rxjsConfig.onUnhandledError = null;
    vi.clearAllTimers();
  }
  return {
    violations: [...new Set(violations)],
    injected: simulation.injected,
    calls: simulation.calls,
    logs: subscribers.map(({ name, log }) => `${name}: ${log.join(' ')}`),
  };
}

/** Checks that the subject still works: a new subscriber receives a connection and its messages, and the outbox is sent. */
async function checkNewSession(simulation: Simulation, run: (step: (simulation: Simulation) => void) => Promise<void>): Promise<void> {
  const isAborted = simulation.aborting.signal.aborted;
  for (let round = 0; round < 10; round++) {
    const subscriber = simulation.subscribeEvents(simulation.socket.events);
    for (let i = 0; i < 4; i++) await run(() => simulation.network());
    await run(() => simulation.message());
    if (!isAborted && subscriber.isLive && subscriber.received !== 1) simulation.violations.push(`a new subscriber receives ${subscriber.log.join(' ')}`);
    if (!isAborted && subscriber.log[0] !== 'connecting') simulation.violations.push(`a new subscriber first receives ${subscriber.log.join(' ')}`);
    await run(() => simulation.complete());
    for (let i = 0; i < 4; i++) await run(() => simulation.network());
    if (subscriber.isLive) simulation.violations.push(`a new subscriber never ends: ${subscriber.log.join(' ')}`);
    if (simulation.connections.status?.queued === 0) return;
  }
  simulation.violations.push('the outbox is never empty');
}

function leaks(simulation: Simulation): string[] {
  const found: string[] = [];
  const timers = vi.getTimerCount();
  if (timers > 0) found.push(`${timers} timers are left`);
  if (simulation.socket.observed || simulation.derived.observed) found.push('a subscriber is left');
  return found;
}
