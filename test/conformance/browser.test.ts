import { conformance } from './suite/conformance.js';

conformance({ name: 'platform', terminates: false }); // what the library takes in a page when it is told nothing
