import { expect, it } from 'vitest';
import { OutboxOverflowError } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp, setUpFake } from './setUp.js';

const sentAfter = (outbox: object, values: readonly number[]) => {
  const { socket, last, warnings, statuses } = setUp({ outbox });
  const errors: unknown[] = [];
  for (const value of values) {
    try {
      socket.next(value);
    } catch (error) {
      errors.push(error);
    }
  }
  const queued = statuses.at(-1)?.queued;
  recorded(socket.events);
  last().accept();
  const dropped = warnings.flatMap((warning) => (warning.kind === 'dropped' ? [[...warning.values, warning.count]] : []));
  return { sent: last().received, dropped, errors, queued };
};

it("S15: with 'throw' the outbox refuses a value beyond its limit, and keeps the others", () => {
  const { sent, dropped, errors, queued } = sentAfter({ maxValues: 2, overflow: 'throw' }, [1, 2, 3, 4]);
  expect([sent, dropped, queued]).toEqual([[1, 2], [], 2]);
  expect(errors).toEqual([new OutboxOverflowError(3, 2), new OutboxOverflowError(4, 2)]);
});

it("S13: with 'drop-oldest' the newest stay; the first loss is reported at once, the others together when there is room", () => {
  expect(sentAfter({ maxValues: 2, overflow: 'drop-oldest' }, [1, 2, 3, 4, 5])).toEqual({
    sent: [4, 5], dropped: [[1, 1], [2, 2]], errors: [], queued: 2,
  });
});

it.each([{}, { overflow: 'drop-newest' }])('S13: by default the oldest stay; losses are reported like that, too (%j)', (overflow) => {
  expect(sentAfter({ maxValues: 2, ...overflow }, [1, 2, 3, 4, 5])).toEqual({ sent: [1, 2], dropped: [[3, 1], [4, 2]], errors: [], queued: 2 });
  expect(sentAfter({ maxValues: 2, ...overflow }, [1, 2, 3])).toEqual({ sent: [1, 2], dropped: [[3, 1]], errors: [], queued: 2 });
});

it('S13: losses are reported when the session is over, and anew after there was room', () => {
  const { socket, last, warnings } = setUp({ outbox: { maxValues: 1 } });
  const give = (...values: number[]): void => values.forEach((value) => socket.next(value));
  const seen = (): unknown[] => warnings.splice(0).map((warning) => (warning.kind === 'dropped' ? [warning.values, warning.count, warning.why] : warning));
  give(1, 2, 3, 4);
  expect(seen()).toEqual([[[2], 1, 'outbox full (drop-newest)']]);
  recorded(socket.events);
  last().accept();
  expect(seen()).toEqual([[[3], 2, 'outbox full (drop-newest)']]);
  last().drop();
  give(5, 6, 7);
  expect(seen()).toEqual([[[6], 1, 'outbox full (drop-newest)']]);
  socket.close();
  recorded(socket.events);
  expect(seen()).toEqual([]);
  socket.close();
  expect(seen()).toEqual([[[7], 1, 'outbox full (drop-newest)']]);
});

it('S13: a subscriber of warnings may send in it', () => {
  const { socket, warnings } = setUp({ outbox: { maxValues: 2, overflow: 'drop-oldest' } });
  socket.warnings.subscribe((warning) => socket.next(warning.kind === 'dropped' ? 100 + warning.count : 0));
  [1, 2, 3].forEach((value) => socket.next(value));
  expect(warnings).toMatchObject([{ values: [1], count: 1 }]);
});

it('S15: bytes are counted too, where they are limited', () => {
  const { sent, errors } = sentAfter({ maxBytes: 5, overflow: 'throw' }, [100, 10, 1]);
  expect(sent).toEqual([100, 10]);
  expect(errors).toEqual([new OutboxOverflowError(1, 5, 'bytes')]);
  expect(sentAfter({ maxBytes: 5, overflow: 'drop-oldest' }, [100, 10, 1])).toMatchObject({ sent: [10, 1], dropped: [[100, 1]] });
});

it('S13: a value that does not even fit alone is dropped, and no other value is', () => {
  expect(sentAfter({ maxBytes: 3, overflow: 'drop-oldest' }, [1, 22, 4444])).toMatchObject({ sent: [1, 22], dropped: [[4444, 1]] });
  expect(sentAfter({ maxBytes: 3, overflow: 'drop-oldest' }, [1, 22, 333])).toMatchObject({ sent: [333], dropped: [[1, 2]] });
  expect(sentAfter({ maxValues: 0, overflow: 'drop-oldest' }, [1])).toMatchObject({ sent: [], dropped: [[1, 1]] });
});

it('S15: bytes are those of UTF-8, and of binary data', () => {
  const shared = new SharedArrayBuffer(9);
  const values = [
    '€', new Uint8Array(2), new ArrayBuffer(1), new Uint8Array(9).subarray(4, 6), new DataView(new ArrayBuffer(9), 8), new Uint16Array(1),
    Buffer.from('abc').subarray(1), new Uint8Array(shared, 8),
  ];
  const bytes = [3, 2, 1, 2, 1, 2, 2, 1];
  const maxBytes = bytes.reduce((sum, one) => sum + one);
  const { socket, statuses } = setUp({ outbox: { maxBytes, overflow: 'throw' }, serializer: (value) => values[value] ?? 'a' });
  values.forEach((_, i) => socket.next(i));
  expect(statuses.at(-1)?.queued).toBe(values.length);
  expect(() => socket.next(values.length)).toThrow(new OutboxOverflowError(values.length, maxBytes, 'bytes'));
});

it('S15: values that were sent or taken away make room', () => {
  const { socket, last } = setUp({ outbox: { maxValues: 2, maxBytes: 4, overflow: 'throw' } });
  socket.next(11);
  socket.next(22);
  const seen = recorded(socket.events);
  last().accept();
  last().drop();
  expect(seen.log.at(-1)).toBe('WebSocketCloseError');
  socket.next(33);
  socket.next(44);
  recorded(socket.events);
  socket.close();
  socket.next(55);
  socket.next(66);
  expect(() => socket.next(7)).toThrow(OutboxOverflowError);
});

it('S15: so does a value that is taken back', () => {
  const { socket } = setUp({ outbox: { maxBytes: 4, overflow: 'throw' } });
  recorded(socket.events);
  socket.multiplex(() => 11, () => 22, () => true).subscribe().unsubscribe();
  for (const value of [33, 44]) socket.next(value);
  expect(() => socket.next(5)).toThrow(OutboxOverflowError);
  socket.close();
});

it('S15: a value that the transport has refused, and that waits again, counts as before', () => {
  const { socket, sockets } = setUpFake({ outbox: { maxBytes: 4, overflow: 'throw' } });
  recorded(socket.events);
  sockets.last.open();
  sockets.last.send = () => {
    throw new Error('EPIPE');
  };
  socket.next(11);
  socket.next(22);
  expect(() => socket.next(3)).toThrow(OutboxOverflowError);
});
