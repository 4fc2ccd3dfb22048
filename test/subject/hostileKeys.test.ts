import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { latestBy, reconnectOnCode, retryHint, serverHint, stop, topics } from '../../src/index.js';
import { recorded } from './recorded.js';
import { lastClose, setUp } from './setUp.js';

interface Keyed {
  key: string;
  n: number;
}

const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty'];
/** A message as a hostile server writes it: JSON.parse makes `__proto__` a property of the message alone. */
const hostile = (key: string, n: number): string => `{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"key":"${key}","n":${n}}`;

let before: string[];
beforeEach(() => {
  vi.useFakeTimers();
  before = Object.getOwnPropertyNames(Object.prototype);
});
afterEach(() => {
  vi.useRealTimers();
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

it('S16: names of the prototype are keys like any other, in topics', () => {
  const { last, socket } = setUp<Keyed>();
  const topic = topics(socket, { keyOf: ({ key }) => key, subscribe: () => undefined, unsubscribe: () => undefined, end: ({ n, key }) => (n === 2 ? key : undefined) });
  const got: string[] = [];
  for (const name of names) topic(name).subscribe({ next: ({ key, n }) => got.push(`${key} ${n}`), complete: () => got.push(`${name} ended`) });
  last().accept();
  last().sendText(hostile('valueOf', 0));
  for (const name of names) for (const n of [1, 2]) last().sendText(hostile(name, n));
  expect(got).toEqual(names.flatMap((name) => [`${name} 1`, `${name} 2`, `${name} ended`]));
});

it('S16: and in latestBy', () => {
  const { last, socket } = setUp<Keyed>();
  const got: string[][] = [];
  socket.pipe(latestBy(({ key }) => key, { every: 10, all: true })).subscribe((messages) => got.push(messages.map(({ key, n }) => `${key} ${n}`)));
  last().accept();
  for (const n of [1, 2]) for (const name of names) last().sendText(hostile(name, n));
  vi.advanceTimersByTime(10);
  expect(got).toEqual([names.map((name) => `${name} 2`)]);
  socket.close();
});

it('S16: a reason that is JSON changes no prototype, and reaches no log as more than one line', () => {
  const { last, socket } = setUp<Keyed>();
  const seen = recorded(socket.pipeEvents(reconnectOnCode(serverHint(retryHint, stop))).events);
  last().accept();
  last().close(4000, '{"__proto__":{"polluted":true}}\nERROR \u001b[31m');
  const told = String(lastClose(seen));
  expect(told).toContain('polluted');
  // eslint-disable-next-line no-control-regex -- what must not get into a log
  expect(told).not.toMatch(/[\u0000-\u001f]/);
});
