import { conformance } from './suite/conformance.js';

conformance({ name: 'platform', terminates: false }); // the default in a page
