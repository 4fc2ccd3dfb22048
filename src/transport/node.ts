import IsomorphicWebSocket from 'isomorphic-ws';
import type { WebSocketCtor, WebSocketLike } from '../subject/WebSocketLike.js';
import { Cork, type Corkable } from './Cork.js';
import type { PageListener } from './watchPage.js';

/** There is no page in Node: nothing to listen to, and nothing that it costs. */
export const watchPage = (_page: PageListener): (() => void) => () => undefined;

/** The socket of Node: `ws`, through `isomorphic-ws`. Bundles for browsers, workers and edges get `platform.ts` in its place. */
export const defaultWebSocket = (): WebSocketCtor => IsomorphicWebSocket;

/** Whether constructors here take options as their third argument, as that of `ws` does. */
export const takesOptions: boolean = true;

/**
 * What holds back the values of one turn, on a `ws` that connects: its `upgrade` event tells the stream it writes to. A `ws` that a server has
 * accepted tells nobody, and other classes have no such event: they write as they like.
 */
export function corkOf(transport: WebSocketLike): Cork | null {
  const { on } = transport as { on?: unknown };
  if (typeof on !== 'function') return null;
  const cork = new Cork();
  try {
    on.call(transport, 'upgrade', (response: { readonly socket?: unknown } | undefined) => {
      const stream = response?.socket;
      if (isCorkable(stream)) cork.attach(stream);
    });
  } catch {
    // An `on` of another meaning.
  }
  return cork;
}

function isCorkable(stream: unknown): stream is Corkable {
  const { cork, uncork } = (stream ?? {}) as Partial<Corkable>;
  return typeof cork === 'function' && typeof uncork === 'function';
}
