import { expect, it } from 'vitest';
import { OutboxOverflowError } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp } from './setUp.js';

const sentAfter = (outbox: object, values: readonly number[]) => {
  const { socket, sockets, warnings, statuses } = setUp({ outbox });
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
  sockets.last.open();
  const dropped = warnings.flatMap((warning) => (warning.kind === 'dropped' ? warning.values : []));
  return { sent: sockets.last.sent.map(Number), dropped, errors, queued };
};

it('S15: by default the outbox refuses a value beyond its limit, and keeps the others', () => {
  const { sent, dropped, errors, queued } = sentAfter({ maxValues: 2 }, [1, 2, 3, 4]);
  expect([sent, dropped, queued]).toEqual([[1, 2], [], 2]);
  expect(errors).toEqual([new OutboxOverflowError(3, 2), new OutboxOverflowError(4, 2)]);
});

it("S13: with 'drop-oldest' the newest stay, and the dropped ones are reported on warnings", () => {
  expect(sentAfter({ maxValues: 2, overflow: 'drop-oldest' }, [1, 2, 3, 4])).toEqual({ sent: [3, 4], dropped: [1, 2], errors: [], queued: 2 });
});

it("S13: with 'drop-newest' the oldest stay, and the dropped ones are reported on warnings", () => {
  expect(sentAfter({ maxValues: 2, overflow: 'drop-newest' }, [1, 2, 3, 4])).toEqual({ sent: [1, 2], dropped: [3, 4], errors: [], queued: 2 });
});

it('S15: bytes are counted too, where they are limited', () => {
  const { sent, errors } = sentAfter({ maxBytes: 5 }, [100, 10, 1]);
  expect(sent).toEqual([100, 10]);
  expect(errors).toEqual([new OutboxOverflowError(1, 5, 'bytes')]);
  expect(sentAfter({ maxBytes: 5, overflow: 'drop-oldest' }, [100, 10, 1])).toMatchObject({ sent: [10, 1], dropped: [100] });
});

it('S13: a value that does not even fit alone is dropped, and no other value is', () => {
  expect(sentAfter({ maxBytes: 3, overflow: 'drop-oldest' }, [1, 22, 4444])).toMatchObject({ sent: [1, 22], dropped: [4444] });
  expect(sentAfter({ maxValues: 0, overflow: 'drop-oldest' }, [1])).toMatchObject({ sent: [], dropped: [1] });
});

it('S15: bytes are those of UTF-8, and of binary data', () => {
  const shared = new SharedArrayBuffer(9);
  const values = [
    '€', new Uint8Array(2), new ArrayBuffer(1), new Uint8Array(9).subarray(4, 6), new DataView(new ArrayBuffer(9), 8), new Uint16Array(1),
    Buffer.from('abc').subarray(1), new Uint8Array(shared, 8),
  ];
  const bytes = [3, 2, 1, 2, 1, 2, 2, 1];
  const maxBytes = bytes.reduce((sum, one) => sum + one);
  const { socket, statuses } = setUp({ outbox: { maxBytes, overflow: 'error' }, serializer: (value) => values[value] ?? 'a' });
  values.forEach((_, i) => socket.next(i));
  expect(statuses.at(-1)?.queued).toBe(values.length);
  expect(() => socket.next(values.length)).toThrow(new OutboxOverflowError(values.length, maxBytes, 'bytes'));
});

it('S15: values that were sent or taken away make room', () => {
  const { socket, sockets } = setUp({ outbox: { maxValues: 2, maxBytes: 4 } });
  socket.next(11);
  socket.next(22);
  const seen = recorded(socket.events);
  sockets.last.open();
  sockets.last.drop();
  expect(seen.log.at(-1)).toBe('WebSocketCloseError');
  socket.next(33);
  socket.next(44);
  recorded(socket.events);
  socket.close();
  socket.next(55);
  socket.next(66);
  expect(() => socket.next(7)).toThrow(OutboxOverflowError);
});
