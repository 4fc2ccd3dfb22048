import { webSocket } from '../../src/index.js';

/** Runs as a separate process with a small heap: connects to a server, and reports how the connection ended. */
const end = { texts: 0, code: 0, cause: '' };
webSocket<string>({ url: process.argv[2] ?? '', deserializer: ({ data }) => String(data) }).events.subscribe({
  next: (event) => {
    if (event.type === 'message') end.texts++;
    if (event.type === 'close') Object.assign(end, { code: event.code, cause: String(event.cause ?? '') });
  },
  error: () => process.stdout.write(JSON.stringify(end)),
  complete: () => process.stdout.write(JSON.stringify(end)),
});
