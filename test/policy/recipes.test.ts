import { firstValueFrom, lastValueFrom } from 'rxjs';
import { afterEach, beforeEach, describe, expect, inject, it, onTestFinished, test, vi } from 'vitest';
import { atMost, exponential, explainPolicy, onOpen, reconnectOnCode, webSocket, within, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import type { Behaviour } from '../server/protocol.js';
import { codePolicy } from '../../src/policy/codePolicy.js';
import { serverAt } from '../server/serverAt.js';
import { recipe } from './recipes.js';
import { retry } from './retry.js';

const server = serverAt(inject('serverUrl'));

/** Returns what the table of a recipe decides after a first close with a code; the policy and its explanation must agree. */
function decisionOf(title: string): (code: number) => 'stop' | 'retry' {
  const { given } = recipe(title);
  const policy = codePolicy(given);
  const { entries } = explainPolicy(given);
  return (code) => {
    const decision = policy(retry(1, { code, wasClean: true })) === null ? 'stop' : 'retry';
    expect(entries.find(({ from, to }) => from <= code && code <= to)?.decision).toBe(decision);
    return decision;
  };
}

/** Returns the bounds of the first delays after a code. */
function delaysOf(title: string, code: number): [number, number][] {
  const entry = explainPolicy(recipe(title).given).entries.find(({ from, to }) => from <= code && code <= to);
  return (entry?.delays ?? []).map(({ min, max }) => [min, max]);
}

describe('graphql-ws', () => {
  // PROTOCOL.md of graphql-ws, and the `CloseCode` of its 6.4.
  test.each([
    [4400, 'bad request', 'stop'],
    [4401, 'unauthorized', 'stop'],
    [4403, 'forbidden', 'retry'],
    [4406, 'subprotocol not acceptable', 'stop'],
    [4408, 'connection initialisation timeout', 'retry'],
    [4409, 'subscriber already exists', 'stop'],
    [4429, 'too many initialisation requests', 'stop'],
    [4500, 'internal server error', 'stop'],
    [4504, 'connection acknowledgement timeout', 'retry'],
    [4499, 'terminated', 'retry'],
    [4004, 'bad response', 'stop'],
    [4005, 'internal client error', 'stop'],
    [1000, 'while there are subscriptions', 'retry'],
  ])('%d, %s: %s', (code, _meaning, decision) => {
    expect(decisionOf('graphql-ws')(code)).toBe(decision);
  });

  test('decides as the official client does for every code that can arrive', () => {
    // `shouldRetryConnectOrThrow` and `isFatalInternalCloseCode` of graphql-ws 6.4.
    const fatal = [4500, 4005, 4400, 4004, 4401, 4406, 4409, 4429];
    const recoverable = [1000, 1001, 1005, 1006, 1012, 1013, 1014];
    const decide = decisionOf('graphql-ws');
    const arriving = [...Array.from({ length: 16 }, (_, index) => 1_000 + index), ...Array.from({ length: 2_000 }, (_, index) => 3_000 + index)];
    const differing = arriving.filter((code) => {
      const official = fatal.includes(code) || (code < 2_000 && !recoverable.includes(code)) ? 'stop' : 'retry';
      return decide(code) !== official;
    });
    expect(differing).toEqual([]);
  });
});

describe('Pusher', () => {
  // Pusher Channels Protocol, version 7: "Connection closure" and "Error codes".
  test.each([
    [[4000, 4001, 4003, 4004, 4005, 4006, 4007, 4008, 4009, 4099], 'should not be established again unchanged', 'stop'],
    [[4100, 4199], 'should be established again after backing off', 'retry'],
    [[4200, 4201, 4202, 4299], 'should be established again immediately', 'retry'],
    [[4300, 4301, 4399], 'any other error', 'stop'],
    [[4400, 4999], 'not documented', 'stop'],
  ])('%j: %s', (codes, _meaning, decision) => {
    expect(codes.map(decisionOf('Pusher'))).toEqual(codes.map(() => decision));
  });

  test('the delay after 4100 to 4199 is never less than 1 s', () => {
    expect(Math.min(...delaysOf('Pusher', 4100).map(([least]) => least))).toBe(1_000);
  });

  test('the first retry after 4200 to 4299 is immediate, later ones are not', () => {
    expect(delaysOf('Pusher', 4200).slice(0, 2)).toEqual([[0, 0], [0, 4_300]]); // prettier-ignore
  });

  it('reconnects immediately after 4200, and ends with 4001, against a real server', async () => {
    const endpoint = await server.peer({ onOpen: [{ do: 'close', code: 4200, reason: 'reconnect' }] }, { onOpen: [{ do: 'text', text: '{"event":"pusher:connection_established"}' }] });
    const socket = recipe('Pusher').socketAt(endpoint.url);
    const end = lastValueFrom(socket.events);
    expect(await firstValueFrom(socket)).toEqual({ event: 'pusher:connection_established' });
    await endpoint.at(1).close(4001, 'no such app');
    expect(await end).toMatchObject({ type: 'close', code: 4001, wasClean: true, initiator: 'remote', attempt: 1 });
    expect(await endpoint.count()).toBe(2);
  });
});

describe('Centrifugo', () => {
  // "Client protocol codes" of the server's docs, and the ranges of `Disconnect` in the library that the server uses.
  test.each([
    [[3000, 3001, 3004, 3005, 3006, 3008, 3009, 3010, 3011, 3012, 3013, 3014, 3499], 'not terminal', 'retry'],
    [[3500, 3501, 3502, 3503, 3504, 3505, 3506, 3507, 3508, 3509, 3999], 'terminal', 'stop'],
    [[4000, 4499], 'of the backend, not terminal', 'retry'],
    [[4500, 4999], 'of the backend, terminal', 'stop'],
    [[1006, 1012], 'of the transport: the defaults', 'retry'],
    [[1000, 1008, 1009], 'of the transport: the defaults', 'stop'],
  ])('%j: %s', (codes, _meaning, decision) => {
    expect(codes.map(decisionOf('Centrifugo'))).toEqual(codes.map(() => decision));
  });
});

describe('the gateway of Discord', () => {
  // "Gateway Close Event Codes" of Discord's docs, its column "Reconnect".
  test.each([
    [[4000, 4001, 4002, 4003, 4005, 4007, 4008, 4009], 'reconnect', 'retry'],
    [[4004, 4010, 4011, 4012, 4013, 4014], 'do not reconnect', 'stop'],
    [[1005, 1006], 'no code at all: resume', 'retry'],
    [[4006, 4015, 4999], 'not documented', 'stop'],
  ])('%j: %s', (codes, _meaning, decision) => {
    expect(codes.map(decisionOf('The gateway of Discord'))).toEqual(codes.map(() => decision));
  });

  test('the first retry after 4008, rate limited, waits for 5 to 20 s', () => {
    expect(delaysOf('The gateway of Discord', 4008)[0]).toEqual([5_000, 20_000]);
  });

  it('ends with 4004 without a retry, against a real server', async () => {
    const endpoint = await server.peer({ onOpen: [{ do: 'close', code: 4004, reason: 'Authentication failed.' }] });
    const end = await lastValueFrom(recipe('The gateway of Discord').socketAt(endpoint.url).events);
    expect(end).toMatchObject({ type: 'close', code: 4004, reason: 'Authentication failed.', wasClean: true });
    expect(await endpoint.count()).toBe(1);
  });
});

describe('RabbitMQ', () => {
  // `rabbit_web_stomp_handler`: `stop(State, 1000, "STOMP died")`.
  test('1000 is retried, five times in a row', () => {
    expect([1000, 1001, 1006].map(decisionOf('RabbitMQ'))).toEqual(['retry', 'retry', 'retry']);
    expect(delaysOf('RabbitMQ', 1000)).toHaveLength(5);
  });
});

describe('nchan', () => {
  // `websocket_respond_status` of its `subscribers/websocket.c`.
  test.each([
    [1000, '408 Request Timeout', true],
    [1000, '', false],
    [1001, '410 Channel Deleted', false],
    [1001, '410 Gone', false],
    [1001, '', true],
    [1008, '403 Forbidden', false],
    [1011, '500 Internal Server Error', true],
  ])('%d %j is retried: %s', (code, reason, isRetried) => {
    expect(codePolicy(recipe('nchan').given)(retry(1, { code, reason, wasClean: true })) !== null).toBe(isRetried);
  });

  it('reconnects after an idle timeout, and ends when the channel is deleted, against a real server', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    onTestFinished(() => void vi.restoreAllMocks());
    const endpoint = await server.peer(
      { onOpen: [{ do: 'close', code: 1000, reason: '408 Request Timeout' }] },
      { onOpen: [{ do: 'close', code: 1001, reason: '410 Channel Deleted' }] },
    );
    expect(await lastValueFrom(recipe('nchan').socketAt(endpoint.url).events)).toMatchObject({ code: 1001, reason: '410 Channel Deleted' });
    expect(await endpoint.count()).toBe(2);
  });
});

describe('graphql-ws, against a real server', () => {
  it('offers the subprotocol, and ends with 4401', async () => {
    const endpoint = await server.peer({ onOpen: [{ do: 'close', code: 4401, reason: 'Unauthorized' }] });
    const end = await lastValueFrom(recipe('graphql-ws').socketAt(endpoint.url).events);
    expect(end).toMatchObject({ code: 4401, opened: true, wasClean: true });
    expect((await endpoint.logs()).map(({ protocols }) => protocols)).toEqual([['graphql-transport-ws']]);
  });
});

describe('giving up, against a real server', () => {
  beforeEach(() => void vi.spyOn(console, 'log').mockReturnValue()); // the code of the recipe logs
  // With full jitter this is a delay of 0 ms.
  const removeDelays = (): unknown => vi.spyOn(Math, 'random').mockReturnValue(0);
  afterEach(() => {
    vi.restoreAllMocks();
  });

  const refusing: Behaviour = { handshake: { status: 503 } };
  const dropping: Behaviour = { onOpen: [{ do: 'destroy' }] };
  const done: Behaviour = { onOpen: [{ do: 'close', code: 1000 }] };

  /** Runs a session and returns its last status. */
  async function lastStatusOf(socket: WebSocketSubject<unknown>): Promise<SocketStatus> {
    let status: SocketStatus | undefined;
    socket.status.subscribe((now) => (status = now));
    await lastValueFrom(socket.events).catch(() => undefined);
    if (status === undefined) throw new Error('status replayed nothing');
    return status;
  }

  it('A login that is refused: the session ends at the third 401 in a row', async () => {
    removeDelays();
    const endpoint = await server.peer({ handshake: { status: 401 } });
    const status = await lastStatusOf(recipe('A login that is refused').socketAt(endpoint.url));
    expect(status).toMatchObject({ attempts: 3, closeEvent: { httpStatus: 401 } });
  });

  it('the session ends after three retries where the server refuses every attempt', async () => {
    removeDelays();
    const endpoint = await server.peer(refusing);
    const status = await lastStatusOf(recipe('Giving up').socketAt(endpoint.url));
    expect(status).toMatchObject({ state: 'closed', attempts: 4, closeEvent: { code: 1006, opened: false, attempt: 3 } });
    expect(await endpoint.count()).toBe(4);
  });

  it('the session goes on where the server drops connections that it has accepted', async () => {
    removeDelays();
    const endpoint = await server.peer(...Array.from({ length: 9 }, () => dropping), done);
    const status = await lastStatusOf(recipe('Giving up').socketAt(endpoint.url));
    expect(status).toMatchObject({ state: 'closed', attempts: 10, closeEvent: { code: 1000, opened: true, attempt: 9 } });
  });

  it('after a drop the first retry counts, and the server can refuse two more', async () => {
    removeDelays();
    const endpoint = await server.peer(dropping, refusing);
    expect(await lastStatusOf(recipe('Giving up').socketAt(endpoint.url))).toMatchObject({ state: 'closed', attempts: 4, closeEvent: { opened: false } });
  });

  it('a policy can remember with onOpen that a connection was open, and go on when the server refuses', async () => {
    removeDelays();
    const [lost, refused] = [within(600_000, exponential()), atMost(3, exponential())];
    const sessionAt = (url: string): WebSocketSubject<unknown> => {
      let wasOpen = false;
      return webSocket<unknown>(url).pipeEvents(
        onOpen(() => void (wasOpen = true)),
        reconnectOnCode({ 1006: (attempt) => (wasOpen ? lost : refused)(attempt) }),
      );
    };
    const once = await server.peer(dropping, ...Array.from({ length: 9 }, () => refusing), done);
    expect(await lastStatusOf(sessionAt(once.url))).toMatchObject({ attempts: 11, closeEvent: { code: 1000 } });
    const never = await server.peer(refusing);
    expect(await lastStatusOf(sessionAt(never.url))).toMatchObject({ attempts: 4, closeEvent: { code: 1006 } });
  });
});
