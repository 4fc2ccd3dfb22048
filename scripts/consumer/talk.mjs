// Talks to the server in argv with the installed package, loaded as an ES module.
import assert from 'node:assert/strict';
import * as all from 'websocket-subject';
import * as operators from 'websocket-subject/operators';

const shared = Object.keys(operators);
assert.ok(shared.length > 0);
for (const name of shared) assert.equal(operators[name], all[name], `${name} of "." and of "./operators" differ`);
for (const name of ['WebSocketSubject', 'CloseEvent', 'WebSocketCloseError']) assert.equal(all[name].name, name);

const seen = [];
const socket = all.webSocket(process.argv[2]);
socket.events.pipe(operators.closeEvent()).subscribe((event) => {
  assert.ok(event instanceof all.CloseEvent);
  seen.push(event.code, event.reason, event.wasClean);
});
socket.subscribe({
  next: (value) => {
    seen.push(value);
    socket.next('bye');
  },
  complete: () => console.log(JSON.stringify(seen)),
});
socket.next('hello');
