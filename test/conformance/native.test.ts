import { conformance } from './suite/conformance.js';

// Node has one of its own since 22; the configuration includes this file only there.
conformance({ name: 'native', WebSocketCtor: globalThis.WebSocket, terminates: false });
