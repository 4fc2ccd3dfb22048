import type { WebSocketCtor, WebSocketLike } from '../subject/WebSocketLike.js';
import type { Cork } from './Cork.js';

export { watchPage } from './watchPage.js';

/** The platform's own `WebSocket`, looked up at each connection, so that importing the library where there is none does no harm. */
export const defaultWebSocket = (): WebSocketCtor => {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketCtor };
  if (WebSocket === undefined) {
    throw new TypeError('There is no global WebSocket on this platform: give a class as `WebSocketCtor` in the config');
  }
  return WebSocket;
};

/** Whether constructors here take options as their third argument: the standard's take none. */
export const takesOptions: boolean = false;

/** What holds back the values of one turn: here nothing, since the standard's sockets do not let anybody at their stream. */
export const corkOf: (transport: WebSocketLike) => Cork | null = () => null;
