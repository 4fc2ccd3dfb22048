import type { WebSocketCtor } from '../../src/index.js';
import { FakeSocket } from './FakeSocket.js';

/** Fake sockets that are an `EventTarget` too, as those of Node itself, of undici and of browsers are, and Bun's own, which has `terminate`. */
export function platformSockets(methods: { terminate?(): void } = {}): { made: FakeSocket[]; WebSocketCtor: WebSocketCtor } {
  const made: FakeSocket[] = [];
  class PlatformSocket extends EventTarget {
    constructor(url: string, protocols?: string | string[]) {
      super();
      made.push(Object.assign(this, new FakeSocket(url, protocols), methods));
    }
  }
  const inherited = Object.entries(Object.getOwnPropertyDescriptors(FakeSocket.prototype)).filter(([name]) => name !== 'constructor');
  Object.defineProperties(PlatformSocket.prototype, Object.fromEntries(inherited));
  return { made, WebSocketCtor: PlatformSocket as unknown as WebSocketCtor };
}
