import { WebSocket } from 'undici';
import { conformance } from './suite/conformance.js';

conformance({ name: 'undici', WebSocketCtor: WebSocket, terminates: false });
