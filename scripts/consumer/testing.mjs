// A test of user code, with the ES modules of the package: both entry points share one environment and one `CloseEvent`. Then the same with a subject of
// the CommonJS build, which knows the server of this one by its class.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { CloseEvent, reconnectOnCode, webSocket } from 'websocket-subject';
import { closedWith, testServer } from 'websocket-subject/testing';

const commonJs = createRequire(import.meta.url)('websocket-subject');
assert.notEqual(commonJs.webSocket, webSocket);
assert(closedWith(1012) instanceof CloseEvent);

const url = 'wss://quotes.example.com';
for (const library of [{ reconnectOnCode, webSocket }, commonJs]) {
  const server = testServer();
  let reconnecting;
  const subject = library.webSocket({ url, WebSocketCtor: server.WebSocket }).pipeEvents(library.reconnectOnCode());
  subject.events.subscribe((event) => {
    if (event.type === 'reconnecting') reconnecting = event;
  });
  server.expectOne(url).close(1012);
  assert.equal(reconnecting.delay, 17_500);
  subject.close();
}

const server = testServer();
const socket = server.run(() => webSocket(url));
const said = [];
socket.subscribe((message) => said.push(message));
socket.events.subscribe((event) => {
  if (event.type === 'close') console.log(JSON.stringify([...said, event.code, event.reason, event.wasClean]));
});
const connection = await server.connection();
connection.send('hello');
socket.close(4001, 'bye');
