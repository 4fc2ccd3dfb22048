import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, DeserializeError, reconnectOnCode, SerializeError } from '../../src/index.js';
import { recorded } from './recorded.js';
import { setUp, setUpFake } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const bad = '{';

describe('onInvalid', () => {
  it("S14: 'error' ends the session with the DeserializeError, after its close", () => {
    const { socket, last } = setUp();
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    last().accept();
    last().sendText(bad);
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect(seen.log.slice(2)).toEqual(['close 1000 clean local', 'DeserializeError']);
    expect(seen.error).toMatchObject({ data: '{', cause: { name: 'SyntaxError' } });
  });

  it("S14: 'drop' reports it on warnings and goes on", () => {
    const { socket, last, warnings } = setUp({ onInvalid: 'drop' });
    const seen = recorded(socket.events);
    last().accept();
    last().sendText(bad);
    last().send(1);
    expect(seen.log.slice(2)).toEqual(['message 1']);
    expect(warnings).toEqual([{ kind: 'invalid', error: expect.any(DeserializeError) as Error, data: '{' }]);
  });

  it('S14: a code closes the connection with it, and the policy decides', () => {
    const { socket, last, warnings, statuses } = setUp({ onInvalid: { code: 4007, reason: 'no JSON' } });
    const seen = recorded(socket.pipeEvents(reconnectOnCode({ 4007: after(0) })).events);
    last().accept();
    last().sendText(bad);
    last().send(1);
    socket.next(5);
    expect(last().closedWith).toEqual({ code: 4007, reason: 'no JSON' });
    expect(statuses.at(-1)).toMatchObject({ state: 'closing', code: 4007, reason: 'no JSON' });
    expect(warnings).toMatchObject([{ kind: 'invalid', data: '{' }]);
    last().close(4007);
    expect(seen.log.slice(2)).toEqual(['reconnecting 1 in 0', 'connecting 1']);
    const [, , reconnecting] = seen.events;
    expect(reconnecting?.type === 'reconnecting' && reconnecting.closeEvent).toMatchObject({ initiator: 'local', sent: { code: 4007 } });
    last().accept();
    expect(last().received).toEqual([5]);
  });

  it('S14: a code closes nothing before the open, where a mock delivers a message then', () => {
    const { socket, sockets, warnings } = setUpFake({ onInvalid: { code: 4007 } });
    const seen = recorded(socket.events);
    sockets.last.onmessage({ data: bad });
    sockets.last.open();
    expect([seen.log, sockets.last.closes]).toEqual([['connecting 0', 'open 0'], []]);
    expect(warnings).toMatchObject([{ kind: 'invalid', data: '{' }]);
    socket.close();
    sockets.last.closeClean(1000);
  });

  it.each([1005, 1000, 1006, 1012])('S14: a server that answers such a Close with %d does not change the decision', (answer) => {
    const { socket, last, server } = setUp({ onInvalid: { code: 4401 }, closeTimeout: 300 });
    const seen = recorded(socket.pipeEvents(reconnectOnCode({ [answer]: after(0) })).events);
    last().accept();
    last().sendText(bad);
    if (answer === 1006) vi.advanceTimersByTime(300);
    else last().close(answer);
    expect(seen.events.at(-1)).toMatchObject({ type: 'close', code: answer, initiator: 'local', sent: { code: 4401 } });
    expect(server.connections).toHaveLength(1);
  });

  it('S5: a close by your code while such a Close is on its way is final', () => {
    const { socket, last, server } = setUp({ onInvalid: { code: 4007 } });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    last().accept();
    last().sendText(bad);
    socket.close(4000);
    expect(last().closedWith).toEqual({ code: 4007, reason: '' });
    last().close(4007);
    expect(seen.log.slice(2)).toEqual(['close 4007 clean local', 'complete']);
    expect(server.connections).toHaveLength(1);
  });

  it('S3: such a Close that is never answered ends after closeTimeout', () => {
    const { socket, last } = setUp({ onInvalid: { code: 4007 }, closeTimeout: 300 });
    const seen = recorded(socket.events);
    last().accept();
    last().sendText(bad);
    vi.advanceTimersByTime(300);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
  });

  it.each([
    ["an error of another library that is named 'SchemaError'", Object.assign(new Error('another'), { name: 'SchemaError' })],
    ['another error of this library', new SerializeError(1, 'another')],
  ])('S14: %s is the cause of a DeserializeError', (_which, cause) => {
    const { socket, last, warnings } = setUp({
      onInvalid: 'drop',
      deserializer: () => {
        throw cause;
      },
    });
    recorded(socket.events);
    last().accept();
    last().sendText(bad);
    expect(warnings).toMatchObject([{ kind: 'invalid', error: { name: 'DeserializeError', cause }, data: '{' }]);
    socket.unsubscribe();
  });

  it.each([[{ code: 1001 }], [{ code: 4000, reason: 'x'.repeat(124) }], ['ignore'], [{}]])('refuses %j with an error that names the option', (onInvalid) => {
    expect(() => setUp({ onInvalid: onInvalid as never })).toThrow(/'onInvalid'/);
  });
});
