import { conformance } from './suite/conformance.js';

conformance({ name: 'ws', terminates: true, pauses: true }); // what the library takes in Node when it is told nothing
