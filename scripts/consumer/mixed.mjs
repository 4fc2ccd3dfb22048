// Talks to the server in argv with both builds of the installed package at once, as in an application that loads both.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { map } from 'rxjs';
import * as esm from 'websocket-subject';

const cjs = createRequire(import.meta.url)('websocket-subject');
const url = process.argv[2];
for (const name of ['webSocket', 'reconnectOnCode', 'CloseEvent']) assert.notEqual(esm[name], cjs[name], `${name} is the same in both builds`);

// A wait that does not end would keep the process alive for a minute.
setTimeout(() => assert.fail('a session did not end'), 10_000).unref();

/** Runs a session with the subject of one build and the operators of the other; returns the messages and the close before the wait. */
function talk(subjects, operators, through) {
  const socket = subjects.webSocket(url);
  const shutdown = new AbortController();
  const events = through(socket, operators.reconnectOnCode({ 4001: operators.after(60_000) }), operators.closeGracefully(shutdown.signal, { code: 4003 }));
  return new Promise((resolve, reject) => {
    const seen = [];
    let close;
    events.subscribe({
      next: (event) => {
        if (event.type === 'message') {
          seen.push(event.data);
          socket.next('bye');
        } else if (event.type === 'reconnecting') {
          const { code, reason, wasClean } = event.closeEvent;
          seen.push(code, reason, wasClean);
          // Each session ends in another way. Both work only if a build knows the events of the other.
          if (subjects === esm) socket.close(4002);
          else shutdown.abort();
        } else if (event.type === 'close') close = event;
      },
      complete: () => {
        assert.equal(close.code, subjects === esm ? 4002 : 4003);
        assert.deepEqual([close.wasClean, close.initiator], [true, 'local']);
        resolve(seen);
      },
      error: reject,
    });
    socket.next('hello');
  });
}

const ways = {
  'by pipeEvents': (socket, ...operators) => socket.pipeEvents(...operators).events,
  'by hand': (socket, ...operators) => {
    const { events } = socket;
    // Operators subscribe to a foreign observable only; to socket events they connect directly.
    events.subscribe = () => assert.fail('the operator took its source for a foreign observable');
    return events.pipe(...operators);
  },
  'after a foreign operator': (socket, ...operators) => socket.events.pipe(map((event) => event), ...operators),
};

const all = [];
for (const [subjects, operators] of [[esm, cjs], [cjs, esm]]) for (const through of Object.values(ways)) all.push(await talk(subjects, operators, through));
for (const seen of all) assert.deepEqual(seen, all[0]);
console.log(JSON.stringify(all[0]));
