import { createElement, StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, inject, it, vi } from 'vitest';
import { effectScope } from 'vue';
import { webSocket, type SocketStatus } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';
import { makeQuotes } from './frameworks/react.js';
import { sessionsOf } from './frameworks/sessions.js';
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
  const text = (): string | null | undefined => element.querySelector('p')?.textContent;
  root.render(createElement(StrictMode, null, createElement(makeQuotes(peer.url))));
  await vi.waitFor(() => expect(text()).toBe('open: {}'));
  await peer.at(0).text('{"symbol":"EURUSD","price":1.1}');
  await vi.waitFor(() => expect(text()).toBe('open: {"EURUSD":1.1}'));
  expect(await peer.count()).toBe(1);
  root.unmount();
  await peer.at(0).gone();
});

it('React: two components show the same state, which outlives them, and a button reconnects after an end', async () => {
  const element = document.createElement('div');
  const root = createRoot(element);
  const texts = (): (string | null)[] => [...element.querySelectorAll('p')].map(({ textContent }) => textContent);
  const Quotes = makeQuotes(peer.url);
  const render = (...keys: string[]): void => root.render(keys.map((key) => createElement(Quotes, { key })));
  render('a');
  await vi.waitFor(() => expect(texts()).toEqual(['open: {}']));
  await peer.at(0).text('{"symbol":"EURUSD","price":1.1}');
  await vi.waitFor(() => expect(texts()).toEqual(['open: {"EURUSD":1.1}']));
  render('a', 'b');
  await vi.waitFor(() => expect(texts()).toHaveLength(2));
  await peer.at(0).text('{"symbol":"GBPUSD","price":1.2}');
  const both = 'open: {"EURUSD":1.1,"GBPUSD":1.2}';
  await vi.waitFor(() => expect(texts()).toEqual([both, both]));
  // Another component takes their place.
  render('c');
  await vi.waitFor(() => expect(texts()).toEqual([both]));
  await peer.at(0).text('{"symbol":"EURUSD","price":1.3}');
  await vi.waitFor(() => expect(texts()).toEqual(['open: {"EURUSD":1.3,"GBPUSD":1.2}']));
  expect(await peer.count()).toBe(1);
  await peer.at(0).close(4403);
  await vi.waitFor(() => expect(texts()[0]).toMatch(/^closed/));
  element.querySelector('button')!.click();
  await vi.waitFor(() => expect(texts()).toEqual(['open: {"EURUSD":1.3,"GBPUSD":1.2}']));
  expect(await peer.count()).toBe(2);
  root.unmount();
  await peer.at(1).gone();
});

it('Vue: follows the messages until the scope ends', async () => {
  const socket = webSocket<number>(peer.url);
  const { messages, reconnect } = sessionsOf(socket);
  const scope = effectScope();
  const { last, status } = scope.run(() => ({ last: useObservable(messages, 0), status: useObservable(socket.status, idle) }))!;
  await vi.waitFor(() => expect(status.value.state).toBe('open'));
  await peer.at(0).text('7');
  await vi.waitFor(() => expect(last.value).toBe(7));
  await peer.at(0).end();
  await vi.waitFor(() => expect(status.value.state).toBe('closed'));
  reconnect();
  await vi.waitFor(() => expect(status.value.state).toBe('open'));
  scope.stop();
  await peer.at(1).gone();
  expect(await peer.count()).toBe(2);
});

it('Svelte: a store connects while it is used, shows the end as the status, and reconnects', async () => {
  const socket = webSocket<number>(peer.url);
  const { messages, reconnect } = sessionsOf(socket);
  const seen: unknown[] = [];
  const stops = [storeOf(messages, 0).subscribe((value) => seen.push(value)), storeOf(socket.status, idle).subscribe(({ state }) => seen.push(state))];
  await vi.waitFor(() => expect(seen).toContain('open'));
  await peer.at(0).text('7');
  await vi.waitFor(() => expect(seen).toContain(7));
  await peer.at(0).end();
  await vi.waitFor(() => expect(seen.at(-1)).toBe('closed'));
  reconnect();
  await vi.waitFor(() => expect(seen.at(-1)).toBe('open'));
  stops.forEach((stop) => stop());
});
