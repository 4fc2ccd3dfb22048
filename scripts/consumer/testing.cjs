// A test of user code, with the CommonJS build of the package: both entry points share one environment and one `CloseEvent`.
const assert = require('node:assert/strict');
const { CloseEvent, webSocket } = require('websocket-subject');
const { closedWith, testServer } = require('websocket-subject/testing');

assert(closedWith(1012) instanceof CloseEvent);

const server = testServer();
const socket = server.run(() => webSocket('wss://quotes.example.com'));
const said = [];
socket.subscribe((message) => said.push(message));
socket.events.subscribe((event) => {
  if (event.type === 'close') console.log(JSON.stringify([...said, event.code, event.reason, event.wasClean]));
});
const connection = server.expectOne();
connection.send('hello');
socket.close(4001, 'bye');
