import IsomorphicWebSocket from 'isomorphic-ws';
import type { WebSocketCtor } from '../subject/WebSocketLike.js';

/** The socket of Node: `ws`, through `isomorphic-ws`. Bundles for browsers, workers and edges get `platform.ts` in its place. */
export const defaultWebSocket = (): WebSocketCtor => IsomorphicWebSocket;

/** Whether constructors here take options as their third argument, as that of `ws` does. */
export const takesOptions: boolean = true;
