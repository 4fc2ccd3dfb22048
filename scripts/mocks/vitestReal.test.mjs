// The default is `ws`, and not the runtime's own class, nor jsdom's, which never opens under Vitest. happy-dom's class is used.
import { expect, it } from 'vitest';
import { webSocket } from 'websocket-subject';
import { realServer } from './realServer.cjs';

realServer({ it, expect, webSocket, own: 'happyDOM' in globalThis ? globalThis.WebSocket : null });
