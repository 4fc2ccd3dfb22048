import { describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { webSocket } from '../../src/index.js';
import { FakeSocket } from './FakeSocket.js';
import { setUp } from './setUp.js';

/** As a program in plain JavaScript calls it. */
const make = webSocket as (urlOrConfig: unknown) => unknown;
const longest = 2 ** 31 - 1;
const fn = (): undefined => undefined;

/** For each option: what the message says is allowed, values that are, and values that are not. */
const options: Readonly<Record<string, { allowed: string; good: readonly unknown[]; bad: readonly unknown[] }>> = {
  url: { allowed: 'a string, a URL, or a function', good: ['ws://a', new URL('ws://a'), fn], bad: [5, null, {}, ['ws://a'], true] },
  protocol: { allowed: 'a string, an array of strings, or a function', good: ['', 'a', [], ['a', 'b'], fn], bad: [5, null, {}, ['a', 5], [null]] },
  serializer: { allowed: 'a function', good: [fn], bad: [null, 'JSON', {}] },
  deserializer: { allowed: 'a function', good: [fn], bad: [null, 'JSON', {}] },
  schema: {
    allowed: 'a Standard Schema',
    good: [z.string(), { '~standard': { version: 1, vendor: 'by hand', validate: fn } }, Object.assign(() => undefined, { '~standard': z.any()['~standard'] })],
    bad: [null, {}, fn, 'string', 5, { '~standard': { version: 2, vendor: 'by hand', validate: fn } }, { '~standard': { version: 1, vendor: 'by hand' } }],
  },
  binaryType: { allowed: "'blob' or 'arraybuffer'", good: ['blob', 'arraybuffer'], bad: ['nodebuffer', '', null, 5] },
  WebSocketCtor: { allowed: 'a class', good: [class {}], bad: [null, {}, 'ws'] },
  openObserver: { allowed: '`next` method', good: [{ next: fn }], bad: [null, {}, { next: 5 }, fn] },
  closingObserver: { allowed: '`next` method', good: [{ next: fn }], bad: [null, {}, { next: 5 }, fn] },
  closeObserver: { allowed: '`next` method', good: [{ next: fn }], bad: [null, {}, { next: 5 }, fn] },
  connectTimeout: { allowed: `above 0 and up to ${longest}`, good: [1, 0.5, longest, fn], bad: [0, -1, NaN, longest + 1, Infinity, '5', null] },
  closeTimeout: { allowed: `above 0 and up to ${longest}`, good: [1, 0.5, longest], bad: [0, -1, NaN, longest + 1, Infinity, '5', null, fn] },
  stableAfter: { allowed: '0 or more', good: [0, 1, Infinity], bad: [-1, NaN, '5', null] },
  outbox: { allowed: 'an object', good: [{}, { maxValues: undefined }], bad: [null, 5, 'error', fn] },
  onInvalid: {
    allowed: "'error', 'drop', or a { code, reason } that may be sent",
    good: ['error', 'drop', { code: 4000 }, { code: 1000, reason: 'why' }],
    bad: ['ignore', null, true, 5, {}, { code: 1001 }, { code: 4000, reason: 'x'.repeat(124) }],
  },
  signal: { allowed: 'an AbortSignal', good: [new AbortController().signal, AbortSignal.abort()], bad: [null, {}, fn, new AbortController()] },
  transportOptions: { allowed: 'an object', good: [{}, { headers: {} }], bad: [null, 5, 'headers'] },
  transport: { allowed: 'a function', good: [fn], bad: [null, {}, 'ws'] },
  unsubscribeCode: { allowed: '1000, or 3000–4999', good: [1000, 3000, 4999], bad: [1001, 2999, 5000, 1000.5, NaN, '1000', null] },
};

const ofTheOutbox: typeof options = {
  maxValues: { allowed: 'a whole number, 0 or more, or Infinity', good: [0, 1, 1e9, Infinity], bad: [-1, 1.5, NaN, '5', null] },
  maxBytes: { allowed: 'a whole number, 0 or more, or Infinity', good: [0, 1, 1e9, Infinity], bad: [-1, 1.5, NaN, '5', null] },
  overflow: {
    allowed: "'error', 'drop-oldest' or 'drop-newest'",
    good: ['error', 'drop-oldest', 'drop-newest'],
    bad: ['drop', 'oldest', null, 5],
  },
  highWaterMark: { allowed: 'a whole number, 0 or more, or Infinity', good: [0, 1, 1e9, Infinity], bad: [-1, 1.5, NaN, '5', null] },
  lowWaterMark: { allowed: 'a whole number, 0 or more, or Infinity', good: [0, 1, 1_048_576], bad: [-1, 1.5, NaN, '5', null] },
};

const each = (table: typeof options, which: 'good' | 'bad') =>
  Object.entries(table).flatMap(([key, option]) => option[which].map((value) => ({ key, value, allowed: option.allowed })));

/** What a call throws. */
function thrown(call: () => unknown): Error {
  try {
    call();
  } catch (error) {
    if (error instanceof TypeError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('a config', () => {
  it.each(each(options, 'bad'))('refuses $key: $value, and names it', ({ key, value, allowed }) => {
    const { message } = thrown(() => make({ url: 'ws://a', [key]: value }));
    expect(message).toContain(`webSocket: '${key}' must be `);
    expect(message).toContain(allowed);
  });

  it.each(each(options, 'good'))('takes $key: $value', ({ key, value }) => {
    expect(() => make({ url: 'ws://a', [key]: value })).not.toThrow();
  });

  it.each(each(ofTheOutbox, 'bad'))('refuses outbox: { $key: $value }, and names it', ({ key, value, allowed }) => {
    const { message } = thrown(() => make({ url: 'ws://a', outbox: { [key]: value } }));
    expect(message).toContain(`webSocket: outbox: '${key}' must be `);
    expect(message).toContain(allowed);
  });

  it.each(each(ofTheOutbox, 'good'))('takes outbox: { $key: $value }', ({ key, value }) => {
    expect(() => make({ url: 'ws://a', outbox: { [key]: value } })).not.toThrow();
  });

  it.each([{ highWaterMark: 10, lowWaterMark: 11 }, { lowWaterMark: 1_048_577 }, { lowWaterMark: Infinity }])('refuses a low mark above the high one: %j', (outbox) => {
    const { message } = thrown(() => make({ url: 'ws://a', outbox }));
    expect(message).toMatch(/^webSocket: outbox: 'lowWaterMark' must not be above 'highWaterMark', (10|1048576), and is (11|1048577|Infinity)$/);
  });

  it('takes a low mark that is as high as the high one', () => {
    expect(() => make({ url: 'ws://a', outbox: { highWaterMark: 0, lowWaterMark: 0 } })).not.toThrow();
    expect(() => make({ url: 'ws://a', outbox: { highWaterMark: Infinity, lowWaterMark: Infinity } })).not.toThrow();
  });

  it('shows the value that it refuses', () => {
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: '5' })).message).toMatch(/not '5'$/);
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: NaN })).message).toMatch(/not NaN$/);
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: {} })).message).toMatch(/not an object$/);
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: fn })).message).toMatch(/not a function$/);
  });

  it.each(['closetimeout', 'resultSelector', 'toString'])('refuses the unknown option %s, and names those there are', (key) => {
    const { message } = thrown(() => make({ url: 'ws://a', [key]: 5 }));
    expect(message).toContain(`webSocket: there is no option '${key}'`);
    for (const known of Object.keys(options)) expect(message).toMatch(new RegExp(`\\b${known}\\b`));
  });

  it.each(['maxvalues', 'constructor'])('refuses the unknown option %s of the outbox, and names those there are', (key) => {
    const { message } = thrown(() => make({ url: 'ws://a', outbox: { [key]: 5 } }));
    expect(message).toContain(`webSocket: outbox: there is no option '${key}'`);
    for (const known of Object.keys(ofTheOutbox)) expect(message).toMatch(new RegExp(`\\b${known}\\b`));
  });

  it.each([{}, { url: undefined }, { closeTimeout: 5 }])('without a url is refused: %j', (config) => {
    expect(thrown(() => make(config)).message).toContain('`url`');
  });

  it.each([undefined, null, 5, true, Symbol('ws')])('that is %s is refused', (config) => {
    expect(thrown(() => make(config)).message).toMatch(/a URL or a config object is wanted, not /);
  });

  it('counts an option that is undefined as left out', () => {
    const known = Object.fromEntries(Object.keys(options).map((key) => [key, undefined]));
    expect(() => make({ ...known, url: 'ws://a' })).not.toThrow();
    expect(() => make({ url: 'ws://a', outbox: { maxValues: undefined, overflow: undefined } })).not.toThrow();
    expect(() => make({ url: 'ws://a', nonsense: undefined })).not.toThrow();
  });

  it('with undefined options has their defaults', () => {
    const { sockets, socket } = setUp({ serializer: undefined, unsubscribeCode: undefined, outbox: undefined } as object);
    const subscription = socket.subscribe();
    socket.next(1);
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['1']);
    subscription.unsubscribe();
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
  });

  it('may change after it was given: the subject has what it was given', () => {
    const config = { unsubscribeCode: 4000, outbox: { maxValues: 1 } };
    const { sockets, socket } = setUp(config);
    config.unsubscribeCode = 4001;
    config.outbox.maxValues = 0;
    const subscription = socket.subscribe();
    socket.next(1);
    sockets.last.open();
    subscription.unsubscribe();
    expect(sockets.last.closes).toEqual([[4000]]);
    sockets.last.closeClean(4000);
  });
});

describe('the subprotocol', () => {
  it.each<[string, object, unknown]>([
    ['left out is none', {}, undefined],
    ["that is '' is none", { protocol: '' }, undefined],
    ['that is a name is that name', { protocol: 'a' }, 'a'],
    ['that is a list is that list', { protocol: ['a', 'b'] }, ['a', 'b']],
    ['of a function is what it gives', { protocol: () => ['a', 'b'] }, ['a', 'b']],
    ["of a function that gives '' is none", { protocol: () => '' }, undefined],
  ])('%s', (_, config, protocols) => {
    const constructed = vi.fn();
    class Counting extends FakeSocket {
      constructor(...args: [string, (string | string[])?]) {
        super(...args);
        constructed(...args);
      }
    }
    const { socket } = setUp({ ...config, WebSocketCtor: Counting });
    socket.subscribe();
    // An argument that is undefined is not the same to every transport as none.
    expect(constructed.mock.calls).toEqual([protocols === undefined ? ['ws://fake'] : ['ws://fake', protocols]]);
    socket.close();
  });
});
