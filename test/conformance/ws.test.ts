import { conformance } from './suite/conformance.js';

conformance({ name: 'ws', terminates: true, pauses: true }); // the default in Node
