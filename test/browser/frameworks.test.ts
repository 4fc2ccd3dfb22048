import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { reconnectOnCode, webSocket, type SocketStatus } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';
import { makeQuotes } from './frameworks/react.js';
import { storeOf } from './frameworks/svelte.js';
import { useObservable } from './frameworks/vue.js';

let peer: Peer;
beforeEach(async () => {
  peer = await serverAt(inject('serverUrl')).peer();
});
afterEach(() => peer.dispose());

const idle: SocketStatus = { state: 'idle', queued: 0 };

it('React, in StrictMode: one connection, which ends after the component', async () => {
  const element = document.createElement('div');
  const root = createRoot(element);
  root.render(createElement(StrictMode, null, createElement(makeQuotes(peer.url))));
  await vi.waitFor(() => expect(element.textContent).toBe('open: {}'));
  await peer.at(0).text('{"symbol":"EURUSD","price":1.1}');
  await vi.waitFor(() => expect(element.textContent).toBe('open: {"EURUSD":1.1}'));
  expect(await peer.count()).toBe(1);
  root.unmount();
  await peer.at(0).gone();
});

it('Vue: follows the messages until the scope ends', async () => {
  const socket = webSocket<number>(peer.url).pipeEvents(reconnectOnCode());
  const scope = effectScope();
  const { last, status } = scope.run(() => ({ last: useObservable(socket, 0), status: useObservable(socket.status, idle) }))!;
  await vi.waitFor(() => expect(status.value.state).toBe('open'));
  await peer.at(0).text('7');
  await vi.waitFor(() => expect(last.value).toBe(7));
  scope.stop();
  await peer.at(0).gone();
  expect(await peer.count()).toBe(1);
});

it('Svelte: a store connects while it is used, and shows the end as the status', async () => {
  const socket = webSocket<number>(peer.url);
  const last = storeOf(socket, 0);
  const seen: unknown[] = [];
  const stops = [last.subscribe((value) => seen.push(value)), storeOf(socket.status, idle).subscribe(({ state }) => seen.push(state))];
  await vi.waitFor(() => expect(seen).toContain('open'));
  await peer.at(0).text('7');
  await vi.waitFor(() => expect(seen).toContain(7));
  await peer.at(0).end();
  await vi.waitFor(() => expect(seen.at(-1)).toBe('closed'));
  stops.forEach((stop) => stop());
});
