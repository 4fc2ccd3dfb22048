import { afterEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, webSocket } from '../../src/index.js';
import { testServer, type TestServer } from '../../src/testing/index.js';
import { record } from './record.js';
import { unhandledRejection } from './unhandledRejection.js';

const url = 'wss://quotes.example.com/';
const subjectOf = ({ WebSocket }: TestServer) => webSocket<unknown>({ url, WebSocketCtor: WebSocket });

describe('down() and up()', () => {
  it.each<[string, () => TestServer]>([
    ['that is down', () => {
      const server = testServer();
      server.down();
      return server;
    }],
    ['that closes each connection', () => testServer({ onConnection: (connection) => connection.close(1012) })],
  ])('at a server %s, a client that tries again without a wait is stopped: no timer would ever fire', async (_which, makeServer) => {
    const server = makeServer();
    const reported = unhandledRejection();
    const subscription = subjectOf(server).pipeEvents(reconnectOnCode(after(0))).subscribe();
    expect(await reported).toThrow('10000 attempts without a wait');
    expect(server.connections.at(-1)?.state).toBe('connecting');
    // Its attempt would end after `connectTimeout`, in another test.
    subscription.unsubscribe();
  });

  afterEach(() => void vi.useRealTimers());

  it.each([[503], [undefined]])('every attempt fails, and need not be taken: %s', async (status) => {
    const server = testServer();
    server.down(status);
    const socket = subjectOf(server).pipeEvents(reconnectOnCode({ 1006: ({ attempt }) => (attempt < 3 ? 0 : null) }));
    const { events, terminal } = record(socket.events);
    await vi.waitFor(() => expect(terminal()).toBe('error'));
    expect(events.at(-1)).toMatchObject({ code: 1006, opened: false });
    expect(server.connections).toHaveLength(3);
    server.verify();
  });

  it('the attempt after up() is accepted', async () => {
    vi.useFakeTimers();
    const server = testServer();
    server.down();
    const { events } = record(subjectOf(server).pipeEvents(reconnectOnCode({ 1006: after(1_000) })).events);
    await vi.advanceTimersByTimeAsync(0);
    server.up();
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await server.connection()).state).toBe('open');
    expect(events.map(({ type }) => type)).toEqual(['connecting', 'reconnecting', 'connecting', 'open']);
  });
});
