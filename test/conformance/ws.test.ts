import { conformance } from './suite/conformance.js';

conformance({ name: 'ws', terminates: true, pauses: true, isWs: true }); // the default in Node
