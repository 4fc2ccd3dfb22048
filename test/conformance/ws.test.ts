import { conformance } from './suite/conformance.js';

conformance({ name: 'ws', terminates: true }); // what the library takes in Node when it is told nothing
