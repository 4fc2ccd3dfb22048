import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { after, DeserializeError, reconnectOnCode, SchemaError, withSchema, type SocketOpen, type StandardSchema } from '../../src/index.js';
import { watchUncaught } from '../conformance/suite/uncaught.js';
import { recorded, type Recorded } from './recorded.js';
import { setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A schema written by hand: even numbers, which it halves. */
const validate = vi.fn((message: unknown) =>
  typeof message === 'number' && message % 2 === 0 ? { value: message / 2 } : { issues: [{ message: 'not even' }] },
);
const halves: StandardSchema<number> = { '~standard': { version: 1, vendor: 'by hand', validate } };
beforeEach(() => validate.mockClear());

/** A schema whose result is that of a function. */
const answering = (answer: (message: unknown) => unknown): StandardSchema =>
  ({ '~standard': { version: 1, vendor: 'ever so slow', validate: answer } }) as StandardSchema;

/** A subject whose first connection is open, and what its events were. */
function open(schema: unknown, config: object = {}, read?: (event: { data: any }) => unknown): ReturnType<typeof setUp<number>> & { seen: Recorded } {
  const made = setUp({ deserializer: withSchema(schema as StandardSchema<number>, read), ...config });
  const seen = recorded(made.socket.pipeEvents(reconnectOnCode({ 4007: after(0) })).events);
  made.last().accept();
  return { ...made, seen };
}

/** The `open` event of its first connection. */
function openOf({ events }: Recorded): SocketOpen<unknown, never> {
  const opened = events[1];
  if (opened?.type !== 'open') throw new Error('it is not open');
  return opened;
}

const later = (seen: Recorded): unknown[] => seen.log.slice(2);

describe('a schema', () => {
  it('S14: written by hand decides which messages are delivered, and transforms them', () => {
    const { last, seen } = open(halves);
    last().send(4);
    last().send(-2);
    expect(later(seen)).toEqual(['message 2', 'message -1']);
  });

  it('S14: of zod does so, too, with its transforms and defaults', () => {
    const Quote = z.object({ at: z.iso.datetime().transform((text) => new Date(text)), venue: z.string().default('XETR') });
    const { last, seen } = open(Quote);
    last().send({ at: '2026-01-02T03:04:05Z', more: 'is stripped' });
    const [, , message] = seen.events;
    expect(message?.type === 'message' && message.data).toEqual({ at: new Date('2026-01-02T03:04:05Z'), venue: 'XETR' });
  });

  it('may be a function, may make undefined of a message, and is called as a method', () => {
    const asFunction = Object.assign(() => undefined, {
      '~standard': {
        version: 1,
        vendor: 'by hand',
        made: 'of itself',
        validate(this: { made: string }, message: unknown) {
          return message === null ? { value: undefined } : { value: this.made, issues: undefined };
        },
      },
    });
    const { last, seen } = open(asFunction);
    last().send(1);
    last().send(null);
    expect(seen.events.slice(2)).toMatchObject([{ data: 'of itself' }, { type: 'message', data: undefined }]);
  });

  it('receives what `read` returned', () => {
    const { last, seen } = open(halves, {}, ({ data }: { data: ArrayBuffer }) => new Uint8Array(data)[0]);
    last().send(Uint8Array.of(6));
    expect(validate.mock.calls).toEqual([[6]]);
    expect(later(seen)).toEqual(['message 3']);
  });

  it('is not called for a frame that cannot be read', () => {
    const { last, seen } = open(halves);
    last().sendText('{');
    last().close(1000);
    expect(validate).not.toHaveBeenCalled();
    expect(seen.error).toBeInstanceOf(DeserializeError);
  });

  it('validates for open.messages, multiplex and every subject, and is called once for all of them', () => {
    const { socket, last } = setUp({ deserializer: withSchema(halves) });
    const heard: unknown[] = [];
    socket.events.subscribe((event) => {
      if (event.type === 'open') event.messages.subscribe((message) => heard.push(`open ${message}`));
    });
    socket.pipeEvents(reconnectOnCode()).subscribe((message) => heard.push(`derived ${message}`));
    const isTwo = (message: number): boolean => message === 2;
    socket.multiplex(() => 0, () => 0, isTwo).subscribe((message) => heard.push(`part ${message}`));
    last().accept();
    last().send(4);
    expect(heard).toEqual(['open 2', 'derived 2', 'part 2']);
    expect(validate).toHaveBeenCalledTimes(1);
    socket.close();
  });

  it('S18: is not called for messages after our Close', () => {
    const { socket, last, seen } = open(halves);
    socket.close(4000);
    last().send(4);
    last().send(5);
    last().close(4000);
    expect(validate).not.toHaveBeenCalled();
    expect(later(seen)).toEqual(['close 4000 clean local', 'complete']);
  });

  it('S18: that closes while it validates: the message is dropped', () => {
    const { last, seen } = open(answering((value) => {
      openOf(seen).close(4000);
      return { value };
    }));
    last().send(4);
    last().close(4000);
    expect(later(seen)).toEqual(['close 4000 clean local', 'complete']);
  });
});

describe('a message that the schema refuses', () => {
  it("S2, S14: under 'error' ends the session with the SchemaError itself, after its close", () => {
    const { last, seen } = open(z.object({ price: z.number() }));
    last().send({ price: '1' });
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(later(seen)).toEqual(['close 1000 clean local', 'SchemaError']);
    expect(seen.error).toBeInstanceOf(SchemaError);
    expect(seen.error).toMatchObject({
      data: { price: '1' },
      issues: [{ path: ['price'], message: 'Invalid input: expected number, received string' }],
    });
  });

  it("S14: under 'drop' is reported on warnings, and the next one is delivered", () => {
    const { last, seen, warnings } = open(halves, { onInvalid: 'drop' });
    last().send(5);
    last().send(6);
    expect(later(seen)).toEqual(['message 3']);
    expect(warnings).toEqual([{ kind: 'invalid', error: new SchemaError(5, [{ message: 'not even' }]), data: 5 }]);
  });

  it('S14: under a code closes with it and is reported on warnings, and the policy decides', () => {
    const { last, seen, warnings } = open(halves, { onInvalid: { code: 4007, reason: 'odd' } });
    last().send(5);
    expect(last().closedWith).toEqual({ code: 4007, reason: 'odd' });
    last().send(6);
    last().close(4007);
    expect(later(seen)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    expect(warnings).toMatchObject([{ kind: 'invalid', error: { name: 'SchemaError' }, data: 5 }]);
    expect(validate).toHaveBeenCalledTimes(1);
  });

  it('S14: is one with an empty list of issues, too', () => {
    const { last, warnings } = open(answering(() => ({ issues: [] })), { onInvalid: 'drop' });
    last().send(4);
    expect(warnings).toMatchObject([{ kind: 'invalid', error: { name: 'SchemaError', issues: [] } }]);
  });

  it('S14: is reported in the same way for a deserializer that throws a SchemaError of its own', () => {
    const own = new SchemaError(7, [{ message: 'unlucky' }]);
    const { last, warnings } = open(halves, { onInvalid: 'drop', deserializer: () => { throw own; } });
    last().send(7);
    expect(warnings).toEqual([{ kind: 'invalid', error: own, data: 7 }]);
    expect((warnings[0] as { error: unknown }).error).toBe(own);
  });
});

describe('a schema that fails', () => {
  const cause = new Error('in the schema');
  const broken: [string, (message: unknown) => unknown, object][] = [
    ['throws', () => { throw cause; }, { cause }],
    ['returns nothing', () => undefined, { cause: { name: 'TypeError', message: expect.stringContaining('ever so slow') } }],
    ['returns issues that are no list', () => ({ issues: true }), { cause: { name: 'TypeError' } }],
  ];

  it.each(broken)("S14: because it %s, under 'error' ends the session with a DeserializeError", (_, answer, expected) => {
    const { last, seen } = open(answering(answer));
    last().send(4);
    last().close(1000);
    expect(later(seen)).toEqual(['close 1000 clean local', 'DeserializeError']);
    expect(seen.error).toMatchObject({ data: '4', ...expected });
  });

  it.each(broken)("S14: because it %s, under 'drop' is reported on warnings", (_, answer, expected) => {
    const { last, seen, warnings } = open(answering(answer), { onInvalid: 'drop' });
    last().send(4);
    expect(later(seen)).toEqual([]);
    expect(warnings).toMatchObject([{ kind: 'invalid', data: '4', error: { name: 'DeserializeError', ...expected } }]);
  });
});

describe('a schema that answers with a promise', () => {
  const named = { name: 'DeserializeError', cause: { name: 'TypeError', message: expect.stringContaining('ever so slow') } };
  const slow = answering((value) => Promise.resolve({ value }));

  it("S14: makes a bad message: under 'error' the session ends with a DeserializeError whose cause names the library", () => {
    const { last, server, seen, warnings } = open(slow);
    last().send(4);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(later(seen)).toEqual(['close 1000 clean local', 'DeserializeError']);
    expect(seen.error).toMatchObject(named);
    expect([warnings, server.connections.length]).toEqual([[], 1]);
  });

  it.each([['drop'], [{ code: 4007 }]])('S14: makes a bad message: under %j it is reported on warnings', (onInvalid) => {
    const { last, seen, warnings } = open(slow, { onInvalid });
    last().send(4);
    expect(last().closedWith).toEqual(onInvalid === 'drop' ? null : { code: 4007, reason: '' });
    expect(warnings).toMatchObject([{ kind: 'invalid', data: '4', error: named }]);
    expect(later(seen)).toEqual([]);
  });

  it.each([
    ['has an asynchronous check', z.number().refine(() => Promise.resolve(true))],
    ['has a check that throws', z.number().refine(() => { throw new Error('in a check'); })],
  ])('S14: is one of zod that %s', (_, schema) => {
    const { last, warnings } = open(schema, { onInvalid: 'drop' });
    last().send(4);
    expect(warnings).toMatchObject([{ error: { cause: { name: 'TypeError', message: expect.stringContaining('zod') } } }]);
  });

  it.each<[string, () => PromiseLike<unknown>]>([
    ['rejects', () => Promise.reject(new Error('later'))],
    ['is a thenable that rejects', () => ({ then: (_: unknown, reject: (error: unknown) => void) => reject(new Error('later')) }) as never],
    ['is a thenable that throws', () => ({ then: () => { throw new Error('at once'); } })],
  ])('leaves no rejection unhandled when that %s', async (_, answer) => {
    vi.useRealTimers();
    const watch = watchUncaught();
    const { last, seen } = open(answering(answer));
    last().send(4);
    last().close(1000);
    expect(seen.error).toBeInstanceOf(DeserializeError);
    // Node reports a rejection once the microtasks are done, and so before this.
    await new Promise((resolve) => setImmediate(resolve));
    expect(watch.stop()).toEqual([]);
  });
});

describe('a value that is no Standard Schema', () => {
  it.each([
    ['a function', (message: unknown) => message],
    ['an object', { parse: (message: unknown) => message }],
    ['another version', { '~standard': { version: 2, vendor: 'by hand', validate } }],
    ['one without a function', { '~standard': { version: 1, vendor: 'by hand' } }],
    ['one with nothing inside', { '~standard': null }],
    ['null', null],
    ['a string', 'string'],
    ['a number', 5],
  ])('is refused at once: %s', (_, schema) => {
    expect(() => withSchema(schema as never)).toThrow(TypeError);
    expect(() => withSchema(schema as never)).toThrow('~standard');
  });

  it('has its `~standard` read only once', () => {
    const asked = vi.fn(() => halves['~standard']);
    const lazy = Object.defineProperty({}, '~standard', { get: asked });
    const { last, seen } = open(lazy);
    const before = asked.mock.calls.length;
    last().send(4);
    last().send(8);
    expect(later(seen)).toEqual(['message 2', 'message 4']);
    expect(asked.mock.calls.length).toBe(before);
  });
});
