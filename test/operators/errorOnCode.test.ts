import { concat, of, repeat, retry, throwError } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { after, CloseEvent, errorOnCode, reconnectOnCode, WebSocketCloseError } from '../../src/index.js';
import type { SocketEvent, SocketOperator } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket } from '../subject/setUp.js';

function setUp(...operators: SocketOperator<number, number>[]) {
  const all = setUpSocket();
  return { ...all, derived: all.socket.pipeEvents(...operators) };
}

describe('errorOnCode', () => {
  it.each([
    ['a code', 1012, true],
    ['another code', 1011, false],
    ['a range', '1000-1999', true],
    ['a list', [4401, '1012-1013'], true],
    ['a predicate', ({ reason }: CloseEvent) => reason === 'deploy', true],
    ['a predicate that returns false', () => false, false],
  ] as const)('S2: with %s, errors after a clean close of its choice, and completes after others', (_what, codes, isError) => {
    const { last, derived } = setUp(errorOnCode(codes as never));
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012, 'deploy');
    expect(seen.log.slice(2)).toEqual(['close 1012 deploy clean remote', isError ? 'WebSocketCloseError' : 'complete']);
    if (isError) expect(seen.error).toMatchObject({ code: 1012, wasClean: true, event: seen.events.at(-1) });
  });

  it('passes an unclean end on unchanged, with the same error object', () => {
    const event = new CloseEvent('close', { code: 1006 });
    const error = new WebSocketCloseError(event);
    const source = concat(of(event as SocketEvent<number>), throwError(() => error));
    const predicate = vi.fn(() => true);
    for (const codes of [1006, predicate]) expect(recorded(source.pipe(errorOnCode(codes))).error).toBe(error);
    expect(predicate).not.toHaveBeenCalled();
  });

  it('S5: never makes an error of an end by your code, and asks no predicate', () => {
    const predicate = vi.fn(() => true);
    const { last, socket, derived } = setUp(errorOnCode(predicate));
    const seen = recorded(derived.events);
    last().accept();
    socket.close(4000);
    last().close(4000);
    expect([seen.log.at(-1), predicate.mock.calls]).toEqual(['complete', []]);
  });

  it('S5: nor when the predicate itself ends the session, which a retry of another subject would have continued', () => {
    const { last, socket, derived } = setUp(errorOnCode(() => {
      socket.close(4000);
      return true;
    }));
    recorded(socket.pipeEvents(reconnectOnCode(after(1_000))).events);
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012);
    expect(seen.log.slice(2)).toEqual(['close 1012 clean remote', 'complete']);
  });

  it('lets RxJS’s own retry see a restart', () => {
    const { last, server, derived } = setUp(errorOnCode(1012));
    const seen = recorded(derived.events.pipe(retry(1)));
    last().accept();
    last().close(1012);
    last().accept();
    last().close(1000);
    expect(server.connections).toHaveLength(2);
    expect(seen.log.at(-1)).toBe('complete');
  });

  it('works after reconnectOnCode, whose policy declines first', () => {
    const { last, derived } = setUp(reconnectOnCode({ 1012: after(0) }), errorOnCode('4000-4999'));
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012);
    last().accept();
    last().close(4401);
    expect(seen.log.slice(-2)).toEqual(['close 4401 clean remote', 'WebSocketCloseError']);
  });

  it('S16: a predicate that throws is reported on warnings, and the end stays clean', () => {
    const { last, derived, warnings } = setUp(
      errorOnCode(() => {
        throw new Error('broken');
      }),
    );
    const seen = recorded(derived.events);
    last().accept();
    last().close(1012);
    expect(seen.log.at(-1)).toBe('complete');
    expect(warnings).toMatchObject([{ kind: 'callback', callback: 'errorOnCode' }]);
  });

  it('forgets one session when the next begins', () => {
    const { last, socket } = setUp();
    const seen = recorded(socket.events.pipe(repeat(2), errorOnCode(1012)));
    for (const code of [1012, 1000]) {
      last().accept();
      last().close(code);
    }
    expect(seen.log.slice(-2)).toEqual(['close 1000 clean remote', 'complete']);
  });

  it('refuses impossible codes and ranges that cross, by name', () => {
    expect(() => errorOnCode(-1)).toThrow(/-1/);
    expect(() => errorOnCode(['4000-4100', '4050-4200'])).toThrow(/4000-4100\W+and\W+4050-4200\W+cross/);
    expect(() => errorOnCode([4401, 'x'] as never)).toThrow(/\Wx\W/);
  });
});
