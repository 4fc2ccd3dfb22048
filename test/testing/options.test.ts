import { describe, expect, it } from 'vitest';
import { webSocket } from '../../src/index.js';
import { testServer, type TestServer } from '../../src/testing/index.js';
import { record } from './record.js';
import { unhandledRejection } from './unhandledRejection.js';

const subjectOf = ({ WebSocket }: TestServer) => webSocket<unknown>({ url: 'wss://quotes.example.com/', WebSocketCtor: WebSocket });

describe('testServer()', () => {
  it('onConnection sees each connection before it is accepted, and verify() then asks for nothing', async () => {
    const states: string[] = [];
    const server = testServer({
      onConnection: (connection) => {
        states.push(connection.state);
        connection.send('welcome');
      },
    });
    const { messages } = record(subjectOf(server).events);
    await Promise.resolve();
    expect([states, messages]).toEqual([['connecting'], ['welcome']]);
    server.verify();
  });

  it('onMessage answers like a server', async () => {
    const server = testServer({ onMessage: (value, connection) => connection.send({ re: value }) });
    const socket = subjectOf(server);
    const { messages } = record(socket.events);
    const connection = await server.connection();
    socket.next('a');
    // No network answers before `next()` returns.
    expect([connection.received, messages]).toEqual([['a'], []]);
    await Promise.resolve();
    expect(messages).toEqual([{ re: 'a' }]);
  });

  it('what onMessage throws reaches the test runner, and not the code under test', async () => {
    const server = testServer({
      onMessage() {
        throw new Error('not what was expected');
      },
    });
    const socket = subjectOf(server);
    socket.subscribe();
    const connection = await server.connection();
    const reported = unhandledRejection();
    socket.next('a');
    expect(await reported).toThrow('not what was expected');
    expect([connection.state, connection.received]).toEqual(['open', ['a']]);
  });

  it.each([{ accept: 'later' }, { like: 'bun' }, { random: 1 }, { unknown: 1 }])('an impossible option throws: %o', (options) => {
    expect(() => testServer(options as never)).toThrow(TypeError);
  });
});
