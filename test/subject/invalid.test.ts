import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, DeserializeError, reconnectOnCode } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const bad = { data: '{' };

describe('onInvalid', () => {
  it("S14: 'error' ends the session with the DeserializeError, after its close", () => {
    const { socket, sockets } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
    expect(seen.log.slice(2)).toEqual(['close 1000 clean local', 'DeserializeError']);
    expect(seen.error).toMatchObject({ data: '{', cause: { name: 'SyntaxError' } });
  });

  it("S14: 'drop' reports it on warnings and goes on", () => {
    const { socket, sockets, warnings } = setUp({ onInvalid: 'drop' });
    const seen = recorded(socket.events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    sockets.last.message(1);
    expect(seen.log.slice(2)).toEqual(['message 1']);
    expect(warnings).toEqual([{ kind: 'invalid', error: expect.any(DeserializeError) as Error, data: '{' }]);
  });

  it('S14: a code closes the connection with it, and the policy decides', () => {
    const { socket, sockets, warnings, statuses } = setUp({ onInvalid: { code: 4007, reason: 'no JSON' } });
    const seen = recorded(socket.pipeEvents(reconnectOnCode({ 4007: after(0) })).events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    sockets.last.message(1);
    socket.next(5);
    expect(sockets.last.closes).toEqual([[4007, 'no JSON']]);
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 4007, reason: 'no JSON' });
    expect(warnings).toMatchObject([{ kind: 'invalid', data: '{' }]);
    sockets.last.closeClean(4007);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    const [, , reconnecting] = seen.events;
    expect(reconnecting?.type === 'reconnecting' && reconnecting.closeEvent).toMatchObject({ initiator: 'local', sent: { code: 4007 } });
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['5']);
  });

  it.each([1005, 1000, 1006, 1012])('S14: a server that answers such a Close with %d does not change the decision', (answer) => {
    const { socket, sockets } = setUp({ onInvalid: { code: 4401 }, closeTimeout: 300 });
    const seen = recorded(socket.pipeEvents(reconnectOnCode({ [answer]: after(0) })).events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    if (answer === 1006) vi.advanceTimersByTime(300);
    else sockets.last.closeClean(answer);
    expect(seen.events.at(-1)).toMatchObject({ type: 'close', code: answer, initiator: 'local', sent: { code: 4401 } });
    expect(sockets.made).toHaveLength(1);
  });

  it('S5: a close by your code while such a Close is on its way is final', () => {
    const { socket, sockets } = setUp({ onInvalid: { code: 4007 } });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    socket.close(4000);
    expect(sockets.last.closes).toEqual([[4007]]);
    sockets.last.closeClean(4007);
    expect(seen.log.slice(2)).toEqual(['close 4007 clean local', 'complete']);
    expect(sockets.made).toHaveLength(1);
  });

  it('S3: such a Close that is never answered ends after closeTimeout', () => {
    const { socket, sockets } = setUp({ onInvalid: { code: 4007 }, closeTimeout: 300 });
    const seen = recorded(socket.events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    vi.advanceTimersByTime(300);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
  });

  it("S14: an error of another library that is named 'SchemaError' is the cause of a DeserializeError", () => {
    const cause = Object.assign(new Error('another'), { name: 'SchemaError' });
    const { socket, sockets, warnings } = setUp({
      onInvalid: 'drop',
      deserializer: () => {
        throw cause;
      },
    });
    recorded(socket.events);
    sockets.last.open();
    sockets.last.onmessage(bad);
    expect(warnings).toMatchObject([{ kind: 'invalid', error: { name: 'DeserializeError', cause }, data: '{' }]);
    socket.unsubscribe();
  });

  it.each([[{ code: 1001 }], [{ code: 4000, reason: 'x'.repeat(124) }], ['ignore'], [{}]])('refuses %j with an error that names the option', (onInvalid) => {
    expect(() => setUp({ onInvalid: onInvalid as never })).toThrow(/'onInvalid'/);
  });
});
