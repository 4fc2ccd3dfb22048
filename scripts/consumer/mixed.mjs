// Talks to the server named in argv with both builds of the installed package at once, as a program does whose parts have one each.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { map } from 'rxjs';
import * as esm from 'websocket-subject';

const cjs = createRequire(import.meta.url)('websocket-subject');
const url = process.argv[2];
for (const name of ['webSocket', 'reconnectOnCode', 'CloseEvent']) assert.notEqual(esm[name], cjs[name], `${name} is one, not two`);

// A wait that is not ended would keep the process for a minute.
setTimeout(() => assert.fail('a session did not end'), 10_000).unref();

/** A session of one build's subject behind the other build's operators: what was said, and the close that a wait would follow. */
function talk(subjects, operators, through) {
  const socket = subjects.webSocket(url);
  const leaving = new AbortController();
  const events = through(socket, operators.reconnectOnCode({ 4001: operators.after(60_000) }), operators.closeGracefully(leaving.signal, { code: 4003 }));
  return new Promise((resolve, reject) => {
    const said = [];
    let close;
    events.subscribe({
      next: (event) => {
        if (event.type === 'message') {
          said.push(event.data);
          socket.next('bye');
        } else if (event.type === 'reconnecting') {
          const { code, reason, wasClean } = event.closeEvent;
          said.push(code, reason, wasClean);
          // Each session is ended in another way: neither is known to a build that does not know the other's events.
          if (subjects === esm) socket.close(4002);
          else leaving.abort();
        } else if (event.type === 'close') close = event;
      },
      complete: () => {
        assert.equal(close.code, subjects === esm ? 4002 : 4003);
        assert.deepEqual([close.wasClean, close.initiator], [true, 'local']);
        resolve(said);
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
    // Our operators take a stream of ours as it is; only one of somebody else's do they subscribe to.
    events.subscribe = () => assert.fail('it was taken for the stream of somebody else');
    return events.pipe(...operators);
  },
  'behind an operator of somebody else': (socket, ...operators) => socket.events.pipe(map((event) => event), ...operators),
};

const all = [];
for (const [subjects, operators] of [[esm, cjs], [cjs, esm]]) for (const through of Object.values(ways)) all.push(await talk(subjects, operators, through));
for (const said of all) assert.deepEqual(said, all[0]);
console.log(JSON.stringify(all[0]));
