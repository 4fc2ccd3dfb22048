import { NEVER, of } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeEvent, closeGracefully, errorOnCode, heartbeat, messages, onOpen, reconnectOnCode, suspendWhile, WebSocketCloseError, type SocketOperator } from '../../src/index.js';
import { closedWith, message, opened } from '../../src/testing/index.js';
import { setUp } from '../subject/setUp.js';
import { collected } from './collected.js';

type Operator = SocketOperator<string, string>;

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

const broken = (): never => {
  throw new Error('broken');
};

describe('events that your code made, which belong to no connection, go through', () => {
  it.each<[string, Operator]>([
    ['closeGracefully', closeGracefully(NEVER)],
    ['errorOnCode, whose predicate throws', errorOnCode(broken)],
    ['heartbeat', heartbeat()],
    ['heartbeat with a ping', heartbeat({ ping: () => 'ping' })],
    ['heartbeat with expectEvery', heartbeat({ expectEvery: 1_000 })],
    ['heartbeat, whose isPong throws', heartbeat({ isPong: broken, hidePongs: true })],
    ['onOpen', onOpen(() => undefined)],
    ['reconnectOnCode, whose policy throws', reconnectOnCode(broken)],
    ['suspendWhile', suspendWhile(NEVER)],
  ])('%s', (_operator, operator) => {
    const events = [opened<string>(), message('hello'), closedWith(1012)];
    expect(collected(of(...events).pipe(operator))).toEqual([...events, 'complete']);
  });

  it('errorOnCode, which makes an error of their close', () => {
    const restart = closedWith(1012);
    expect(collected(of(restart).pipe(errorOnCode(1012)))).toEqual([restart, new WebSocketCloseError(restart)]);
  });
});

describe('a stream that is not of socket events is refused by name', () => {
  const refusal = (name: string): TypeError => new TypeError(`${name}: no socket event; use it on \`events\` or in \`pipeEvents\``);

  it.each<[string, Operator | ReturnType<typeof closeEvent> | ReturnType<typeof messages>]>([
    ['closeEvent', closeEvent()],
    ['closeGracefully', closeGracefully(NEVER)],
    ['errorOnCode', errorOnCode(1012)],
    ['heartbeat', heartbeat()],
    ['messages', messages()],
    ['onOpen', onOpen(() => undefined)],
    ['reconnectOnCode', reconnectOnCode()],
    ['suspendWhile', suspendWhile(NEVER)],
  ])('%s', (name, operator) => {
    expect(collected((operator as Operator)(of('no event') as never))).toEqual([refusal(name)]);
  });

  it('pipeEvents', () => {
    const { socket } = setUp();
    expect(collected(socket.pipeEvents(() => of('no event') as never).events)).toEqual([refusal('pipeEvents')]);
  });
});
