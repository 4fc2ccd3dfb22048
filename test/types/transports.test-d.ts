import IsomorphicWebSocket from 'isomorphic-ws';
import { WebSocket as UndiciWebSocket } from 'undici';
import { describe, expectTypeOf, it } from 'vitest';
import * as ws from 'ws';
import { webSocket } from '../../src/index.js';
import type { WebSocketCtor, WebSocketLike } from '../../src/index.js';

describe('WebSocketCtor', () => {
  it('accepts every transport class that the conformance suite runs on', () => {
    expectTypeOf<typeof ws.WebSocket>().toExtend<WebSocketCtor>();
    expectTypeOf<typeof IsomorphicWebSocket>().toExtend<WebSocketCtor>();
    expectTypeOf<typeof UndiciWebSocket>().toExtend<WebSocketCtor>();
    expectTypeOf<typeof globalThis.WebSocket>().toExtend<WebSocketCtor>();
    for (const WebSocketCtor of [ws.WebSocket, IsomorphicWebSocket, UndiciWebSocket, globalThis.WebSocket]) {
      webSocket({ url: 'wss://quotes.example.com', WebSocketCtor });
    }
  });

  it('accepts a mock that has only handlers, send and close', () => {
    class Mock {
      onopen: ((event: object) => void) | null = null;
      onmessage: ((event: { data: unknown }) => void) | null = null;
      onerror: ((event: object) => void) | null = null;
      onclose: ((event: { wasClean: boolean }) => void) | null = null;
      constructor(readonly url: string) {}
      send(data: string): void {
        this.onmessage?.({ data });
      }
      close(): void {
        this.onclose?.({ wasClean: true });
      }
    }
    expectTypeOf<Mock>().toExtend<WebSocketLike>();
    webSocket({ url: 'wss://quotes.example.com', WebSocketCtor: Mock });
  });

  it('refuses an instance, and a class of another shape', () => {
    // @ts-expect-error an instance
    webSocket({ url: 'wss://quotes.example.com', WebSocketCtor: new WebSocket('wss://quotes.example.com') });
    // @ts-expect-error
    webSocket({ url: 'wss://quotes.example.com', WebSocketCtor: EventTarget });
    // @ts-expect-error the module, not the class
    webSocket({ url: 'wss://quotes.example.com', WebSocketCtor: { WebSocket } });
  });
});
