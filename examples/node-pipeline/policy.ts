import { exponential, retryHint, serverHint, type CodeTable } from 'websocket-subject';

const soon = exponential({ first: 50, base: 100, factor: 2, max: 1_000 });

/**
 * The default delays suit many browsers. Here one process waits for another that restarts at once, so the delays are shorter; a server that asks for more
 * time gets it. Every other code has the default decision: 1000 stops.
 */
export const policy: CodeTable = {
  1001: serverHint(retryHint, soon),
  1006: soon,
  1012: serverHint(retryHint, soon),
};
