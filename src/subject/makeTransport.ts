import { defaultWebSocket, takesOptions } from '#transport';
import type { ConnectionContext } from './config.js';
import type { Settings } from './settings.js';
import type { WebSocketLike } from './WebSocketLike.js';

/** The part of the settings that says what to make a transport with. */
export type TransportSettings = Pick<Settings<unknown, unknown>, 'WebSocketCtor' | 'transport' | 'transportOptions'>;

/** Constructs a transport, or takes the one that the program gives; throws what either throws. */
export function makeTransport(
  { transport: give, transportOptions, WebSocketCtor }: TransportSettings,
  url: string,
  protocols: string | string[] | undefined,
  context: ConnectionContext,
): WebSocketLike {
  if (give !== undefined) return asTransport(give(context));
  const WebSocket = (WebSocketCtor ?? defaultWebSocket()) as new (...args: unknown[]) => WebSocketLike;
  // As in rxjs/webSocket, no name is no subprotocol; to a constructor '' is one, and can never work.
  const offered = protocols === '' ? undefined : protocols;
  if (takesOptions && transportOptions !== undefined) return new WebSocket(url, offered, transportOptions);
  return offered === undefined ? new WebSocket(url) : new WebSocket(url, offered);
}

function asTransport(given: WebSocketLike | null | undefined): WebSocketLike {
  if (typeof given === 'object' && given !== null) return given;
  throw new TypeError(`The transport function must give a WebSocket, not ${String(given)}`);
}
