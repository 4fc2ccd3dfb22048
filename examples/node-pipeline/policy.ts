import { exponential, retryHint, serverHint, type CodeTable } from 'websocket-subject';

const soon = exponential({ first: 50, base: 100, factor: 2, max: 1_000 });

/**
 * The defaults are for crowds of browsers. Here one program waits for another that is started again at once, so it tries sooner; a server that asks for
 * more time gets it. Every other code is decided as by default: 1000 stops.
 */
export const policy: CodeTable = {
  1001: serverHint(retryHint, soon),
  1006: soon,
  1012: serverHint(retryHint, soon),
};
