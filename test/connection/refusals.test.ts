import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { withEnvironment } from '../../src/connection/Environment.js';
import {
  closeEvent, HandshakeRefusedError, reconnectOnCode, webSocket, type CloseEvent, type ReconnectAttempt, type WebSocketSubject, type WebSocketSubjectConfig,
} from '../../src/index.js';
import { recorded } from '../subject/recorded.js';

describe('on ws, an answer that refuses the opening handshake', () => {
  let server: Server;
  let accepting: WebSocketServer;
  /** What the server does with each request, one after another; the last for all that follow. */
  let answers: ((socket: Socket) => void)[];
  let sockets: Socket[];
  let subjects: WebSocketSubject<unknown>[];

  beforeEach(async () => {
    answers = [];
    sockets = [];
    subjects = [];
    server = createServer();
    accepting = new WebSocketServer({ noServer: true });
    server.on('upgrade', (request, socket: Socket, head) => {
      sockets.push(socket);
      socket.on('error', () => undefined);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer) answer(socket);
      else accepting.handleUpgrade(request, socket, head, () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(() => {
    for (const subject of subjects) subject.unsubscribe();
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const url = (): string => `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const subject = (config: Partial<WebSocketSubjectConfig<unknown>> = {}): WebSocketSubject<unknown> => {
    const made = webSocket<unknown>({ url: url(), ...config });
    subjects.push(made);
    return made;
  };
  const answerWith = (status: number, { headers = [] as string[], body = '', ends = true } = {}) => (socket: Socket): void => {
    socket.write([`HTTP/1.1 ${status} No`, 'Connection: close', ...headers, '', ''].join('\r\n'));
    socket.write(body);
    if (ends) socket.end();
  };
  const closeOf = (made: WebSocketSubject<unknown>): Promise<CloseEvent> =>
    new Promise((resolve) => made.events.pipe(closeEvent()).subscribe({ next: resolve, error: () => undefined }));
  const causeOf = async (config?: Partial<WebSocketSubjectConfig<unknown>>): Promise<HandshakeRefusedError> => {
    const { cause, httpStatus } = await closeOf(subject(config));
    expect(cause).toBeInstanceOf(HandshakeRefusedError);
    expect((cause as HandshakeRefusedError).status).toBe(httpStatus);
    return cause as HandshakeRefusedError;
  };

  it('S3: is the cause, with the first 1,024 bytes of its body, and the connection is ended', async () => {
    // Its server never ends it, and a character of two bytes is cut.
    let gone: Promise<unknown> | undefined;
    answers = [
      (socket) => {
        gone = new Promise((resolve) => socket.on('end', resolve).on('close', resolve).resume());
        answerWith(502, { headers: ['X-From: proxy'], body: `x${'ü'.repeat(2_000)}`, ends: false })(socket);
      },
    ];
    const cause = await causeOf();
    expect(cause).toMatchObject({ status: 502, headers: { 'x-from': 'proxy' }, body: `x${'ü'.repeat(511)}` });
    await gone;
  });

  it('S15: whose body does not end is read for a second', async () => {
    answers = [answerWith(401, { headers: ['Content-Length: 100'], body: 'token', ends: false })];
    expect(await causeOf({ connectTimeout: 600_000 })).toMatchObject({ status: 401, body: 'token' });
  });

  it('S15: whose body does not end within connectTimeout is the cause all the same', async () => {
    answers = [answerWith(403, { headers: ['Content-Length: 100'], body: 'no', ends: false })];
    expect(await causeOf({ connectTimeout: 200 })).toMatchObject({ status: 403 });
  });

  it('S3: whose body breaks off is the cause', async () => {
    answers = [
      (socket) => {
        answerWith(503, { headers: ['Content-Length: 100'], body: 'gone', ends: false })(socket);
        setImmediate(() => socket.destroy());
      },
    ];
    expect(await causeOf()).toMatchObject({ status: 503 });
  });

  it('S5: does not change what close() asked for meanwhile', async () => {
    answers = [answerWith(401, { headers: ['Content-Length: 100'], ends: false })];
    const made = subject();
    const closed = closeOf(made);
    await once(server, 'upgrade');
    made.close(4000, 'enough');
    expect(await closed).toMatchObject({ code: 4000, reason: 'enough', wasClean: true, initiator: 'local', opened: false });
  });

  const date = 'Date: Sun, 06 Nov 1994 08:49:37 GMT';
  it.each([
    ['seconds', 503, ['Retry-After: 120'], 120_000],
    ['seconds under 429', 429, ['Retry-After: 0'], 0],
    ['a date', 503, ['Retry-After: Sun, 06 Nov 1994 08:50:07 GMT', date], 30_000],
    ['a date in the old form', 503, ['Retry-After: Sunday, 06-Nov-94 08:50:07 GMT', date], 30_000],
    ['a date in the form of asctime', 503, ['Retry-After: Sun Nov  6 08:50:07 1994', date], 30_000],
    ['a date in the past', 503, ['Retry-After: Sun, 06 Nov 1994 08:50:07 GMT'], 0],
    ['neither', 503, ['Retry-After: soon 5'], null],
    ['a date after other words', 503, ['Retry-After: until Sun, 06 Nov 1994 08:50:07 GMT', date], null],
    ['seconds and a word', 503, ['Retry-After: 5 seconds'], null],
    ['a negative number', 503, ['Retry-After: -5'], null],
    ['nothing', 503, [], null],
    ['seconds under another status', 401, ['Retry-After: 120'], null],
  ])('S3: its Retry-After is read: %s', async (_, status, headers, expected) => {
    answers = [answerWith(status, { headers })];
    expect((await causeOf()).retryAfter).toBe(expected);
  });

  it('S3: a Retry-After with a date counts from now where the server says no date', async () => {
    answers = [answerWith(429, { headers: [`Retry-After: ${new Date(Date.now() + 3_600_000).toUTCString()}`] })];
    const { retryAfter } = await causeOf();
    expect(retryAfter).toBeGreaterThan(3_000_000);
    expect(retryAfter).toBeLessThanOrEqual(3_600_000);
  });

  it('S3: no server is told apart from it', async () => {
    const close = await closeOf(subject({ url: 'ws://127.0.0.1:1' }));
    expect(close).toMatchObject({ httpStatus: null, cause: { code: 'ECONNREFUSED' } });
    expect(String(close)).toMatch(/^CloseEvent: 127\.0\.0\.1:1: 1006, no connection \(ECONNREFUSED\)$/);
  });

  /** Without a random part no retry waits. */
  const reconnecting = (make: () => WebSocketSubject<unknown>): WebSocketSubject<unknown> =>
    withEnvironment({ random: () => 0 }, () => make().pipeEvents(reconnectOnCode()));

  it('S5: once, after five attempts that found no server, is retried by default', async () => {
    answers = [answerWith(401)];
    const made = reconnecting(() =>
      subject({
        url: ({ attempt }) => {
          if (attempt === 6) answers = [];
          return attempt < 5 ? 'ws://127.0.0.1:1' : url();
        },
      }),
    );
    const { log } = recorded(made.events);
    await new Promise<void>((resolve) => made.status.subscribe(({ state }) => state === 'open' && resolve()));
    expect(log.filter((line) => String(line).startsWith('connecting'))).toHaveLength(7);
  });

  it('S5: three times in a row with 401 stops by default', async () => {
    answers = [answerWith(401)];
    const close = await closeOf(reconnecting(() => subject()));
    expect(close).toMatchObject({ httpStatus: 401, attempt: 2 });
    expect(sockets).toHaveLength(3);
  });

  it('a policy receives how many ends in a row had the same code and status, those of reconnect() included', async () => {
    answers = [answerWith(401), answerWith(401), answerWith(403), answerWith(503)];
    const asked: unknown[] = [];
    const policy = ({ closeEvent: { code, httpStatus }, repeats }: ReconnectAttempt): number | null => {
      asked.push([code, httpStatus, repeats]);
      if (asked.length === 5) answers = [];
      return asked.length === 7 ? null : 0;
    };
    const made = subject().pipeEvents(reconnectOnCode(policy));
    let opens = 0;
    made.events.subscribe({
      next: (event) => {
        if (event.type !== 'open') return;
        opens++;
        answers = [answerWith(503)];
        made.reconnect();
      },
      error: () => undefined,
    });
    await new Promise<void>((resolve) => made.status.subscribe(({ state }) => state === 'closed' && resolve()));
    expect(opens).toBe(1);
    expect(asked).toEqual([[1006, 401, 1], [1006, 401, 2], [1006, 403, 1], [1006, 503, 1], [1006, 503, 2], [1006, 503, 1], [1006, 503, 2]]);
  });
});
