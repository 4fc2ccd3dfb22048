import type { Simulation } from './Simulation.js';

export type Step = (simulation: Simulation) => void;

const subscribe: Step = (simulation) => simulation.subscribe();
const next: Step = (simulation) => simulation.next();
const answer: Step = (simulation) => simulation.answerCloses();
/** The network does what is pending: results, opens, closes. */
const network: Step = (simulation) => simulation.network();
const message: Step = (simulation) => simulation.message();
const unreadable: Step = (simulation) => simulation.unreadable();
const drop: Step = (simulation) => simulation.drop();
const fail: Step = (simulation) => simulation.fail();
const restart: Step = (simulation) => simulation.closeClean(1012);
const refuse: Step = (simulation) => simulation.closeClean(4401);
const reconnect: Step = (simulation) => simulation.reconnect();
const suspend: Step = (simulation) => simulation.emit('suspended', true);
const resume: Step = (simulation) => simulation.emit('suspended', false);
const wake: Step = (simulation) => simulation.emit('wake', undefined);
const gracefully: Step = (simulation) => simulation.triggerGracefulClose();
const pass = (ms: number): Step => (simulation) => simulation.pass(ms);
const close: Step = (simulation) => simulation.do('close()', () => simulation.socket.close(4000));
const complete: Step = (simulation) => simulation.do('complete()', () => simulation.socket.complete());
/** The results of `url`, of `protocol` and of `transportOptions`, an open, and the result of the effect. */
const open: Step[] = [network, network, network, network, network];

export const steps = {
  subscribe, next, network, message, unreadable, drop, fail, restart, refuse, answer, gracefully, reconnect, suspend, resume, wake,
  'pass 0': pass(0), 'pass 100': pass(100), 'pass 20000': pass(20_000),
};

/** How your code ends a session, repeated until there is an end. */
export const ends = { close, complete, unsubscribe: (simulation: Simulation): void => simulation.unsubscribeEach() };

export interface Scenario {
  readonly steps: readonly Step[];
  /** How your code ends it; repeated until all subscribers have ended. */
  readonly end: Step;
  /** Whether subscribers unsubscribe, or connections are abandoned, in the middle of it, so that an error may have no receiver. */
  readonly cutsShort?: true;
}

/** What may happen to a subject, from the first subscription to the last end. */
export const scenarios: Readonly<Record<string, Scenario>> = {
  'reconnects, and is closed': {
    steps: [next, subscribe, next, ...open, message, next, drop, subscribe, next, pass(100), ...open, message, restart, subscribe, pass(100), ...open, next, message],
    end: close,
  },
  'is refused, connects, and is closed by the server': {
    steps: [subscribe, network, fail, drop, pass(100), subscribe, fail, drop, next, pass(100), ...open, message, next, refuse, next, subscribe, ...open, message, unreadable, message],
    end: complete,
  },
  'is closed gracefully': { steps: [subscribe, next, ...open, message, next, gracefully, next, message, ...open, subscribe, gracefully, message], end: complete },
  'completes before it is open': { steps: [next, complete, next, subscribe, next, complete, next, subscribe, ...open, message], end: close },
  'is unsubscribed': {
    steps: [
      subscribe, ...open, message, next, (simulation) => simulation.unsubscribeEach(), next, subscribe, ...open, message,
      (simulation) => simulation.unsubscribe(), subscribe, drop, pass(100),
    ],
    end: (simulation) => simulation.unsubscribeEach(),
    cutsShort: true,
  },
  'is reconnected, and suspended': {
    steps: [
      next, subscribe, ...open, message, reconnect, next, ...open, message, suspend, next, message, pass(100), subscribe, resume, ...open, next, reconnect, reconnect,
      suspend, answer, (simulation) => simulation.unsubscribe(), next, subscribe, ...open, message, suspend,
    ],
    end: close,
    cutsShort: true,
  },
  'pings, is woken, and is found dead': {
    steps: [next, subscribe, ...open, message, pass(160), message, network, pass(100), pass(60), network, message, pass(100), pass(60), pass(110), wake, next, pass(1_000), ...open, message],
    end: close,
  },
  'is aborted': { steps: [subscribe, ...open, next, message, (simulation) => simulation.aborting.abort()], end: complete },
};
