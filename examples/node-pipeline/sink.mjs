// node sink.mjs PORT FILE: appends each value to FILE as a line, then sends `{ have: n }`. It sends that on open, too, so that the client knows what to
// send. Values arrive in the order of their numbers, so one number acknowledges all values up to it.
import { openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import process from 'node:process';
import { log } from './log.mjs';
import { serve } from './serve.mjs';

const [port = '0', path = 'sink.jsonl'] = process.argv.slice(2);
const file = openSync(path, 'a');
let have = lastOf(path);

serve(Number(port), (socket) => {
  const acknowledge = () => socket.send(JSON.stringify({ have }));
  acknowledge();
  socket.on('message', (data) => {
    const { n } = JSON.parse(String(data));
    if (n <= have) {
      log({ duplicate: n });
    } else {
      writeSync(file, `${String(data)}\n`); // survives a kill of this process; to survive a power loss, fsync here
      have = n;
      log({ have });
    }
    acknowledge();
  });
});

/** Returns the number in the last complete line. Cuts off half a line, which a kill may have left. @param {string} path */
function lastOf(path) {
  const text = readFileSync(path);
  const end = text.lastIndexOf('\n') + 1;
  truncateSync(path, end);
  const line = text.subarray(0, end).toString().trimEnd().split('\n').at(-1);
  return line ? Number(JSON.parse(line).n) : 0;
}
