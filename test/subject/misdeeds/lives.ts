import type { World } from './World.js';

export type Step = (world: World) => void;

const subscribe: Step = (world) => world.subscribe();
const next: Step = (world) => world.next();
const answer: Step = (world) => world.answerCloses();
/** The network does what it has to, three times: an answer, an open, an answer to that. */
const network: Step = (world) => world.network();
const message: Step = (world) => world.message();
const unreadable: Step = (world) => world.unreadable();
const drop: Step = (world) => world.drop();
const fail: Step = (world) => world.fail();
const restart: Step = (world) => world.closeClean(1012);
const refuse: Step = (world) => world.closeClean(4401);
const replace: Step = (world) => world.tell('now', undefined);
const suspend: Step = (world) => world.tell('suspended', true);
const lift: Step = (world) => world.tell('suspended', false);
const wake: Step = (world) => world.tell('wake', undefined);
const fire: Step = (world) => world.fire();
const pass = (ms: number): Step => (world) => world.pass(ms);
const close: Step = (world) => world.do('close()', () => world.socket.close(4000));
const complete: Step = (world) => world.do('complete()', () => world.socket.complete());
const open: Step[] = [network, network, network];

export const steps = { subscribe, next, network, message, unreadable, drop, fail, restart, refuse, answer, fire, replace, suspend, lift, wake, 'pass 0': pass(0), 'pass 100': pass(100), 'pass 20000': pass(20_000) };

/** How a program makes an end, again and again until there is one. */
export const ends = { close, complete, leave: (world: World): void => world.leaveAll() };

export interface Life {
  readonly steps: readonly Step[];
  /** How the program ends it; done again until everybody has ended. */
  readonly end: Step;
  /** Whether subscribers leave, or connections are given up, in the middle of it, so that an error may find nobody to be told. */
  readonly cutsShort?: true;
}

/** What may happen to a subject, from the first subscription to the last end. */
export const lives: Readonly<Record<string, Life>> = {
  'reconnects, and is closed': {
    steps: [next, subscribe, next, ...open, message, next, drop, subscribe, next, pass(100), ...open, message, restart, subscribe, pass(100), ...open, next, message],
    end: close,
  },
  'is refused, gets in, and is closed by the peer': {
    steps: [subscribe, network, fail, drop, pass(100), subscribe, fail, drop, next, pass(100), ...open, message, next, refuse, next, subscribe, ...open, message, unreadable, message],
    end: complete,
  },
  'is closed gracefully': { steps: [subscribe, next, ...open, message, next, fire, next, message, ...open, subscribe, fire, message], end: complete },
  'completes before it is open': { steps: [next, complete, next, subscribe, next, complete, next, subscribe, ...open, message], end: close },
  'is left': {
    steps: [subscribe, ...open, message, next, (world) => world.leaveAll(), next, subscribe, ...open, message, (world) => world.unsubscribe(), subscribe, drop, pass(100)],
    end: (world) => world.leaveAll(),
    cutsShort: true,
  },
  'is replaced, and suspended': {
    steps: [
      next, subscribe, ...open, message, replace, next, ...open, message, suspend, next, message, pass(100), subscribe, lift, ...open, next, replace, replace,
      suspend, answer, (world) => world.unsubscribe(), next, subscribe, ...open, message, suspend,
    ],
    end: close,
    cutsShort: true,
  },
  'is kept alive, woken, and found dead': {
    steps: [next, subscribe, ...open, message, pass(160), message, network, pass(100), pass(60), network, message, pass(100), pass(60), pass(110), wake, next, pass(1_000), ...open, message],
    end: close,
  },
  'is aborted': { steps: [subscribe, ...open, next, message, (world) => world.aborting.abort()], end: complete },
};
