// jsdom's class is used; in the environment `node` the default is `ws`.
const { expect, it } = require('@jest/globals');
const { webSocket } = require('websocket-subject');
const { realServer } = require('./realServer.cjs');

realServer({ it, expect, webSocket, own: 'window' in globalThis ? globalThis.WebSocket : null });
