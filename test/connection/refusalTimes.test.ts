import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeSocket, keepsMade } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';
import { lastClose, setUp } from '../subject/setUp.js';

// The times of a refusal; what `ws` really emits is in refusals.test.ts.

describe('on a transport that emits what ws does, an answer that refuses the opening handshake', () => {
  beforeEach(() => vi.useFakeTimers());
  afterEach(() => {
    expect(vi.getTimerCount(), 'no timer is left').toBe(0);
    vi.useRealTimers();
  });

  class EmittingSocket extends FakeSocket {
    readonly emitter = new EventEmitter();

    on(event: string, listener: (...args: unknown[]) => void): void {
      this.emitter.on(event, listener);
    }
  }

  function connecting() {
    const sockets = keepsMade(EmittingSocket);
    const { socket } = setUp({ WebSocketCtor: sockets.WebSocketCtor });
    const seen = recorded(socket.events);
    const refuse = (answer: unknown): unknown => sockets.last.emitter.emit('unexpected-response', {}, answer);
    return { socket, sockets, seen, refuse };
  }

  /** An attempt that was refused, and whose body the test sends. */
  function refused() {
    const answer = Object.assign(new EventEmitter(), { statusCode: 401, headers: {} });
    const { refuse, ...all } = connecting();
    refuse(answer);
    const send = (text: string): unknown => answer.emit('data', new TextEncoder().encode(text));
    return { ...all, answer, send };
  }

  const failed = ['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError'];

  it('S3: is the cause with all parts of its body, once that has ended', () => {
    const { answer, seen, send, sockets } = refused();
    send('no ');
    send('token');
    vi.advanceTimersByTime(0);
    expect(seen.log).toEqual(['connecting 0']);
    answer.emit('close');
    vi.advanceTimersByTime(0);
    expect([seen.log, sockets.last.closes]).toEqual([failed, [[1000]]]);
    expect(lastClose(seen)).toMatchObject({ httpStatus: 401, cause: { body: 'no token' } });
  });

  it('S15: is the cause once 1,024 bytes of its body have come, or a second has passed', () => {
    const long = refused();
    for (const text of ['x'.repeat(1_000), 'y'.repeat(1_000)]) {
      vi.advanceTimersByTime(0);
      expect(long.seen.log).toEqual(['connecting 0']);
      long.send(text);
    }
    vi.advanceTimersByTime(0);
    expect(lastClose(long.seen)).toMatchObject({ cause: { body: 'x'.repeat(1_000) + 'y'.repeat(24) } });
    const slow = refused();
    slow.send('no');
    vi.advanceTimersByTime(999);
    expect(slow.seen.log).toEqual(['connecting 0']);
    vi.advanceTimersByTime(2);
    expect(lastClose(slow.seen)).toMatchObject({ cause: { body: 'no' } });
  });

  it('S5: does nothing more after close(), whatever follows of it', () => {
    const { answer, seen, send, socket, sockets } = refused();
    socket.close(4000);
    send('x'.repeat(2_000));
    answer.emit('error', new Error('aborted'));
    answer.emit('close');
    vi.advanceTimersByTime(1_000);
    expect([seen.log, sockets.last.closes]).toEqual([['connecting 0', 'close 4000 clean local', 'complete'], [[1000]]]);
  });

  it.each([['nothing', undefined], ['null', null], ['an object', {}], ['a text as its status', { statusCode: '401' }]])('is none with %s', (_, answer) => {
    const { refuse, seen, socket, sockets } = connecting();
    refuse(answer);
    sockets.last.open();
    expect(seen.log).toEqual(['connecting 0', 'open 0']);
    socket.close();
    sockets.last.closeClean(1000);
  });
});
