import { acting } from './faults.js';
import type { Simulation } from './Simulation.js';

export type Step = (simulation: Simulation) => void;

const pass = (ms: number): Step => (simulation) => simulation.pass(ms);

/** What the network, the clock and subscribers do. */
const world = {
  subscribe: (simulation) => simulation.subscribe(),
  'subscribe to events': (simulation) => void simulation.subscribeEvents(simulation.socket.events),
  'subscribe to derived events': (simulation) => void simulation.subscribeEvents(simulation.derivedEvents),
  next: (simulation) => simulation.next(),
  // The network does what is pending: results, opens, closes.
  network: (simulation) => simulation.network(),
  message: (simulation) => simulation.message(),
  unreadable: (simulation) => simulation.unreadable(),
  drop: (simulation) => simulation.drop(),
  fail: (simulation) => simulation.fail(),
  restart: (simulation) => simulation.closeClean(1012),
  refuse: (simulation) => simulation.closeClean(4401),
  answer: (simulation) => simulation.answerCloses(),
  suspend: (simulation) => simulation.emit('suspended', true),
  resume: (simulation) => simulation.emit('suspended', false),
  'pass 0': pass(0),
  'pass 60': pass(60),
  'pass 100': pass(100),
  'pass 160': pass(160),
  'pass 1000': pass(1_000),
  'pass 20000': pass(20_000),
} satisfies Record<string, Step>;

/** How your code ends a session, repeated until there is an end. */
export const ends = {
  close: (simulation) => simulation.do('close()', () => simulation.socket.close(4000)),
  complete: (simulation) => simulation.complete(),
  unsubscribe: (simulation) => simulation.unsubscribeEach(),
} satisfies Record<string, Step>;

/** What your code does, besides. */
const calls = Object.fromEntries(Object.entries(acting).map(([what, { act }]) => [what, (simulation: Simulation) => act(simulation)]));

export const worldSteps = Object.keys(world);
export const codeSteps = Object.keys(calls);
export const stepOf = (name: string): Step => ({ ...calls, ...world })[name] as Step;

export interface Scenario {
  readonly steps: readonly string[];
  /** How your code ends it; repeated until all subscribers have ended. */
  readonly end: keyof typeof ends;
}

/** The results of `url`, of `protocol` and of `transportOptions`, an open, and the result of the effect. */
export const open = Array.from({ length: 5 }, () => 'network');

/** What may happen to a subject, from the first subscription to the last end. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'reconnects, and is closed': {
    steps: [
      'next', 'subscribe', 'next', ...open, 'message', 'next', 'drop', 'subscribe', 'next', 'pass 100', ...open, 'message', 'restart', 'subscribe', 'pass 100', ...open,
      'next', 'message',
    ],
    end: 'close',
  },
  'is refused, connects, and is closed by the server': {
    steps: [
      'subscribe', 'network', 'fail', 'drop', 'pass 100', 'subscribe', 'fail', 'drop', 'next', 'pass 100', ...open, 'message', 'next', 'refuse', 'next', 'subscribe', ...open,
      'message', 'unreadable', 'message',
    ],
    end: 'complete',
  },
  'is closed gracefully': {
    steps: [
      'subscribe', 'next', ...open, 'message', 'next', 'triggers closeGracefully', 'next', 'message', ...open, 'subscribe', 'triggers closeGracefully', 'message',
    ],
    end: 'complete',
  },
  'completes before it is open': {
    steps: [
      'next', 'calls complete()', 'next', 'subscribe', 'next', 'calls complete()', 'next', 'subscribe', ...open, 'message',
    ],
    end: 'close',
  },
  'is unsubscribed': {
    steps: [
      'subscribe', ...open, 'message', 'next', 'unsubscribes all, one by one', 'next', 'subscribe', ...open, 'message', 'calls unsubscribe()', 'subscribe', 'drop', 'pass 100',
    ],
    end: 'unsubscribe',
  },
  'is reconnected, and suspended': {
    steps: [
      'next', 'subscribe', ...open, 'message', 'calls reconnect()', 'next', ...open, 'message', 'suspend', 'next', 'message', 'pass 100', 'subscribe', 'resume', ...open, 'next',
      'calls reconnect()', 'calls reconnect()', 'suspend', 'answer', 'calls unsubscribe()', 'next', 'subscribe', ...open, 'message', 'suspend',
    ],
    end: 'close',
  },
  'pings, is woken, and is found dead': {
    steps: [
      'next', 'subscribe', ...open, 'message', 'pass 160', 'message', 'network', 'pass 100', 'pass 60', 'network', 'message', 'pass 100', 'pass 60', 'pass 100', 'pass 60',
      'emits wake', 'next', 'pass 1000', ...open, 'message',
    ],
    end: 'close',
  },
  'is aborted': { steps: ['subscribe', ...open, 'next', 'message', "aborts the config's signal"], end: 'complete' },
};
