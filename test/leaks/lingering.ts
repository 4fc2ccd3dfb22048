import { webSocket } from '../../src/index.js';

/** Runs as a separate process: leaves an open connection that lingers for an hour; with a second argument, subscribes again. */
const [, , url = '', stays] = process.argv;
const socket = webSocket<unknown>({ url, linger: 3_600_000 });
const subscription = socket.events.subscribe(({ type }) => {
  if (type !== 'open') return;
  process.on('exit', () => process.stdout.write('exit'));
  subscription.unsubscribe();
  // The server closes it.
  if (stays) socket.events.subscribe((event) => event.type === 'close' && process.stdout.write(`close ${event.code}, `));
});
