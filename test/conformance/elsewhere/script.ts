import { run } from './run.js';

// A page, or a runtime that runs a file.
await run();
