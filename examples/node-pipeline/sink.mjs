// node sink.mjs PORT FILE: appends each value to FILE as a line, and then says `{ have: n }`. It says that to begin with, too, so whoever connects
// knows what to send. Values come in the order of their numbers, so one number says it all.
import { openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import process from 'node:process';
import { say } from './say.mjs';
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
      say({ duplicate: n });
    } else {
      writeSync(file, `${String(data)}\n`); // survives this process; for a machine that loses its power, fsync here
      have = n;
      say({ have });
    }
    acknowledge();
  });
});

/** The number in the last whole line; half a line, which a kill may have left, is cut off. @param {string} path */
function lastOf(path) {
  const text = readFileSync(path);
  const end = text.lastIndexOf('\n') + 1;
  truncateSync(path, end);
  const line = text.subarray(0, end).toString().trimEnd().split('\n').at(-1);
  return line ? Number(JSON.parse(line).n) : 0;
}
