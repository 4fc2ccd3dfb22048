import IsomorphicWebSocket from 'isomorphic-ws';
import type { WebSocketCtor } from '../subject/WebSocketLike.js';
import type { PageListener } from './watchPage.js';

/** There is no page in Node: nothing to listen to, and nothing that it costs. */
export const watchPage = (_page: PageListener): (() => void) => () => undefined;

/** The socket of Node: `ws`, through `isomorphic-ws`. Bundles for browsers, workers and edges get `platform.ts` in its place. */
export const defaultWebSocket = (): WebSocketCtor => IsomorphicWebSocket;

/** Whether constructors here take options as their third argument, as that of `ws` does. */
export const takesOptions: boolean = true;
