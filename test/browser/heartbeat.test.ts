import { firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { after, closeEvent, heartbeat, reconnectOnCode, webSocket, type SocketWarning } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';

let peer: Peer;
beforeEach(async () => {
  peer = await serverAt(inject('serverUrl')).peer({ onOpen: [{ do: 'text', text: '"a quote"' }] });
});
afterEach(() => peer.dispose());

it('S19: with expectEvery a page finds dead connections without a ping, and comes back', async () => {
  const socket = webSocket<string>(peer.url);
  const warnings: SocketWarning[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  const feed = socket.pipeEvents(heartbeat({ expectEvery: 100 }), reconnectOnCode({ 1006: after(0) }));
  expect(await firstValueFrom(feed.pipe(take(3), toArray()))).toEqual(['a quote', 'a quote', 'a quote']);
  expect(warnings).toEqual([]);
  expect((await peer.logs()).map(({ messages }) => messages)).toEqual([[], [], []]);
});

it('S19: the end of a silent connection names the heartbeat', async () => {
  const socket = webSocket<string>(peer.url).pipeEvents(heartbeat({ expectEvery: 100 }));
  const end = await lastValueFrom(socket.events.pipe(closeEvent()));
  expect(end).toMatchObject({ code: 1006, wasClean: false, initiator: 'transport', cause: { name: 'WebSocketTimeoutError', phase: 'heartbeat', ms: 100 } });
});
