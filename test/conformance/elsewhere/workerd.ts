import { run } from './run.js';

// `workerd test` calls it: outside of a handler a worker may not connect.
export default { test: run };
