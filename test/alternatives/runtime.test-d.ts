import * as rxjsWebSocket from 'rxjs/webSocket';
import { test } from 'vitest';
import { WebSocket } from 'ws';
import * as websocketSubject from '../../src/index.js';

test('defect 12: rxjs/webSocket does not compile with the class of `ws`; ours does', () => {
  // @ts-expect-error TS2322: the class of `ws` is not that of the DOM
  rxjsWebSocket.webSocket<string>({ url: 'ws://127.0.0.1', WebSocketCtor: WebSocket });
  websocketSubject.webSocket<string>({ url: 'ws://127.0.0.1', WebSocketCtor: WebSocket });
});
