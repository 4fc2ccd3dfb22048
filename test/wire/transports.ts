import { WebSocket as UndiciSocket } from 'undici';
import { WebSocket } from 'ws';
import type { WebSocketCtor } from '../../src/index.js';

/** The transports of Node. It has one of its own since 22. */
export const transports: readonly (readonly [name: string, WebSocketCtor: WebSocketCtor])[] = [
  ['ws', WebSocket],
  ['undici', UndiciSocket],
  ...('WebSocket' in globalThis ? [['native', globalThis.WebSocket] as const] : []),
];
