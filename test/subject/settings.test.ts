import { describe, expect, it, vi } from 'vitest';
import { webSocket } from '../../src/index.js';
import { recorded } from './recorded.js';
import { manualServer, setUp } from './setUp.js';

/** As plain JavaScript calls it. */
const make = webSocket as (urlOrConfig: unknown) => unknown;
const longest = 2 ** 31 - 1;
const fn = (): undefined => undefined;

/** For each option: values that are allowed, and values that are not. */
const options: Readonly<Record<string, { good: readonly unknown[]; bad: readonly unknown[] }>> = {
  url: { good: ['ws://a', new URL('ws://a'), fn], bad: [5, null, {}, ['ws://a'], true] },
  protocol: { good: ['', 'a', [], ['a', 'b'], fn], bad: [5, null, {}, ['a', 5], [null]] },
  serializer: { good: [fn], bad: [null, 'JSON', {}] },
  deserializer: { good: [fn], bad: [null, 'JSON', {}] },
  binaryType: { good: ['blob', 'arraybuffer'], bad: ['nodebuffer', '', null, 5] },
  WebSocketCtor: { good: [class {}], bad: [null, {}, 'ws'] },
  openObserver: { good: [{ next: fn }], bad: [null, {}, { next: 5 }, fn] },
  closingObserver: { good: [{ next: fn }], bad: [null, {}, { next: 5 }, fn] },
  closeObserver: { good: [{ next: fn }], bad: [null, {}, { next: 5 }, fn] },
  connectTimeout: { good: [1, 0.5, longest, fn], bad: [0, -1, NaN, longest + 1, Infinity, '5', null] },
  closeTimeout: { good: [1, 0.5, longest], bad: [0, -1, NaN, longest + 1, Infinity, '5', null, fn] },
  linger: { good: [0, 1, longest], bad: [-1, NaN, longest + 1, Infinity, '5', null, fn] },
  stableAfter: { good: [0, 1, Infinity], bad: [-1, NaN, '5', null] },
  outbox: { good: [{}, { maxValues: undefined }], bad: [null, 5, 'error', fn] },
  onInvalid: {
    good: ['error', 'drop', { code: 4000 }, { code: 1000, reason: 'why' }],
    bad: ['ignore', null, true, 5, {}, { code: 1001 }, { code: 4000, reason: 'x'.repeat(124) }],
  },
  signal: { good: [new AbortController().signal, AbortSignal.abort()], bad: [null, {}, fn, new AbortController()] },
  transportOptions: { good: [{}, { headers: {} }, fn], bad: [null, 5, 'headers'] },
  transport: { good: [fn], bad: [null, {}, 'ws'] },
  unsubscribeCode: { good: [1000, 3000, 4999], bad: [1001, 2999, 5000, 1000.5, NaN, '1000', null] },
};

const ofTheOutbox: typeof options = {
  maxValues: { good: [0, 1, 1e9, Infinity], bad: [-1, 1.5, NaN, '5', null] },
  maxBytes: { good: [0, 1, 1e9, Infinity], bad: [-1, 1.5, NaN, '5', null] },
  overflow: {
    good: ['throw', 'drop-oldest', 'drop-newest'],
    bad: ['error', 'drop', 'oldest', null, 5],
  },
  highWaterMark: { good: [0, 1, 1e9, Infinity], bad: [-1, 1.5, NaN, '5', null] },
  lowWaterMark: { good: [0, 1, 1_048_576], bad: [-1, 1.5, NaN, '5', null] },
};

const each = (table: typeof options, which: 'good' | 'bad') =>
  Object.entries(table).flatMap(([key, option]) => option[which].map((value) => ({ key, value })));

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
  it.each(each(options, 'bad'))('refuses $key: $value, and names the key', ({ key, value }) => {
    expect(thrown(() => make({ url: 'ws://a', [key]: value })).message).toContain(`'${key}'`);
  });

  it.each(each(options, 'good'))('accepts $key: $value', ({ key, value }) => {
    expect(() => make({ url: 'ws://a', [key]: value })).not.toThrow();
  });

  it.each(each(ofTheOutbox, 'bad'))('refuses outbox: { $key: $value }, and names the key', ({ key, value }) => {
    expect(thrown(() => make({ url: 'ws://a', outbox: { [key]: value } })).message).toMatch(new RegExp(`outbox.*'${key}'`));
  });

  it.each(each(ofTheOutbox, 'good'))('accepts outbox: { $key: $value }', ({ key, value }) => {
    expect(() => make({ url: 'ws://a', outbox: { [key]: value } })).not.toThrow();
  });

  it.each([{ highWaterMark: 10, lowWaterMark: 11 }, { lowWaterMark: 1_048_577 }, { lowWaterMark: Infinity }])('refuses a low mark above the high one: %j', (outbox) => {
    expect(thrown(() => make({ url: 'ws://a', outbox })).message).toMatch(/'lowWaterMark'.*'highWaterMark'/);
  });

  it('accepts a low mark that equals the high one', () => {
    expect(() => make({ url: 'ws://a', outbox: { highWaterMark: 0, lowWaterMark: 0 } })).not.toThrow();
    expect(() => make({ url: 'ws://a', outbox: { highWaterMark: Infinity, lowWaterMark: Infinity } })).not.toThrow();
  });

  it('shows the value that it refuses', () => {
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: '5' })).message).toMatch(/["']5["']/);
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: NaN })).message).toContain('NaN');
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: {} })).message).toMatch(/\bobject\b/);
    expect(thrown(() => make({ url: 'ws://a', closeTimeout: fn })).message).toMatch(/\bfunction\b/);
  });

  it.each(['closetimeout', 'resultSelector', 'toString'])('refuses the unknown option %s, and lists the known ones', (key) => {
    const { message } = thrown(() => make({ url: 'ws://a', [key]: 5 }));
    expect(message).toContain(`'${key}'`);
    for (const known of Object.keys(options)) expect(message).toMatch(new RegExp(`\\b${known}\\b`));
  });

  it.each(['maxvalues', 'constructor'])('refuses the unknown option %s of the outbox, and lists the known ones', (key) => {
    const { message } = thrown(() => make({ url: 'ws://a', outbox: { [key]: 5 } }));
    expect(message).toMatch(new RegExp(`outbox.*'${key}'`));
    for (const known of Object.keys(ofTheOutbox)) expect(message).toMatch(new RegExp(`\\b${known}\\b`));
  });

  it.each([{}, { url: undefined }, { closeTimeout: 5 }])('without a url is refused: %j', (config) => {
    expect(thrown(() => make(config)).message).toMatch(/\burl\b/);
  });

  it('without a url is accepted with a transport, and the url is then empty', () => {
    const { last, server } = setUp();
    const socket = webSocket<number>({ transport: () => new server.WebSocket('ws://elsewhere') });
    const seen = recorded(socket.events);
    last().accept();
    expect(seen.events.at(1)).toMatchObject({ type: 'open', url: '' });
    socket.close();
  });

  it.each([undefined, null, 5, true, Symbol('ws')])('that is %s is refused', (config) => {
    expect(thrown(() => make(config)).message).toContain('webSocket');
  });

  it('counts an option that is undefined as left out', () => {
    const known = Object.fromEntries(Object.keys(options).map((key) => [key, undefined]));
    expect(() => make({ ...known, url: 'ws://a' })).not.toThrow();
    expect(() => make({ url: 'ws://a', outbox: { maxValues: undefined, overflow: undefined } })).not.toThrow();
    expect(() => make({ url: 'ws://a', nonsense: undefined })).not.toThrow();
  });

  it('with undefined options has their defaults', () => {
    const { last, socket } = setUp({ serializer: undefined, unsubscribeCode: undefined, outbox: undefined } as object);
    const subscription = socket.subscribe();
    socket.next(1);
    last().accept();
    expect(last().received).toEqual([1]);
    subscription.unsubscribe();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
  });

  it('is copied: a later change has no effect', () => {
    const config = { unsubscribeCode: 4000, outbox: { maxValues: 1 } };
    const { last, socket } = setUp(config);
    config.unsubscribeCode = 4001;
    config.outbox.maxValues = 0;
    const subscription = socket.subscribe();
    socket.next(1);
    last().accept();
    subscription.unsubscribe();
    expect(last().closedWith).toEqual({ code: 4000, reason: '' });
    last().close(4000);
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
    class Counting extends manualServer().server.WebSocket {
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
