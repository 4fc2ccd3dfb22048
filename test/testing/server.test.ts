import { afterEach, describe, expect, it, vi } from 'vitest';
import { after, reconnectOnCode, stop, webSocket, type WebSocketSubjectConfig } from '../../src/index.js';
import { testServer, type TestServer } from '../../src/testing/index.js';
import { record } from './record.js';

const url = 'wss://quotes.example.com/';
const subjectOf = ({ WebSocket }: TestServer, config: Partial<WebSocketSubjectConfig<unknown>> = {}) => webSocket<unknown>({ url, WebSocketCtor: WebSocket, ...config });

describe('a connection', () => {
  it('is accepted by itself, in a microtask, and await connection() gives it open', async () => {
    const server = testServer();
    const { events } = record(subjectOf(server).events);
    expect(events.map(({ type }) => type)).toEqual(['connecting']);
    const connection = await server.connection();
    expect(connection.state).toBe('open');
    expect(events.map(({ type }) => type)).toEqual(['connecting', 'open']);
    server.verify();
  });

  it('is awaited before it is made', async () => {
    const server = testServer();
    const pending = server.connection(url);
    subjectOf(server).subscribe();
    expect(await pending).toBe(server.connections[0]);
    expect((await pending).state).toBe('open');
  });

  it('knows URL, subprotocols and options', async () => {
    const server = testServer();
    subjectOf(server, { url: 'https://host', protocol: ['v1', 'v2'], transportOptions: { headers: { token: 'x' } } }).subscribe();
    const connection = await server.connection();
    expect(connection).toMatchObject({ url: 'wss://host/', protocols: ['v1', 'v2'], protocol: 'v1', options: { headers: { token: 'x' } } });
  });

  it('gets values in order, decoded: JSON, text, bytes', () => {
    const server = testServer();
    const socket = subjectOf(server, { serializer: (value) => value as string });
    socket.subscribe();
    const connection = server.expectOne();
    socket.next('{"early":1}');
    connection.accept();
    socket.next('no JSON');
    socket.next(new Uint8Array([1, 2]));
    expect(connection.received).toEqual([{ early: 1 }, 'no JSON', new Uint8Array([1, 2])]);
  });

  it('decodes and encodes as the options say', () => {
    const server = testServer({ encode: (value) => `<${String(value)}>`, decode: (frame) => `(${String(frame)})` });
    const socket = subjectOf(server, { serializer: String, deserializer: ({ data }) => data as unknown });
    const { messages } = record(socket.events);
    const connection = server.expectOne();
    connection.send('down');
    socket.next('up');
    expect(messages).toEqual(['<down>']);
    expect(connection.received).toEqual(['(up)']);
  });

  it.each([[undefined], [() => 1], [Symbol('s')]])('send(%s) throws, since there is no JSON of it, and changes nothing', (value) => {
    const server = testServer();
    subjectOf(server).subscribe();
    const connection = server.expectOne();
    expect(() => connection.send(value)).toThrow(TypeError);
    expect(connection.state).toBe('connecting');
  });

  it.each(['arraybuffer', 'blob'] as const)('sends bytes as binary: %s', async (binaryType) => {
    const server = testServer();
    const { messages } = record(subjectOf(server, { binaryType, deserializer: ({ data }) => data as unknown }).events);
    server.expectOne().send(new Uint8Array([7, 8, 9]).subarray(1));
    const bytes = binaryType === 'blob' ? await (messages[0] as Blob).arrayBuffer() : messages[0];
    expect(new Uint8Array(bytes as ArrayBuffer)).toEqual(new Uint8Array([8, 9]));
  });

  it('sends text that is no JSON', () => {
    const server = testServer();
    const { events, terminal } = record(subjectOf(server).events);
    server.expectOne().sendText('{');
    expect(events.at(-1)?.type).not.toBe('message');
    expect(terminal()).toBeUndefined(); // our Close waits for its answer
  });

  it('what a verb does has happened when it returns', () => {
    const server = testServer();
    const { events, messages, terminal } = record(subjectOf(server).events);
    const connection = server.expectOne();
    connection.send(1);
    expect(messages).toEqual([1]);
    connection.close(4000, 'done');
    expect(events.at(-1)).toMatchObject({ type: 'close', code: 4000, reason: 'done', wasClean: true, initiator: 'remote', opened: true });
    expect(terminal()).toBe('complete');
    expect(connection).toMatchObject({ state: 'closed', closedWith: null });
  });

  it('is dropped: 1006, unclean', () => {
    const server = testServer();
    const { events, terminal } = record(subjectOf(server).events);
    const connection = server.expectOne();
    connection.accept();
    connection.drop();
    expect(events.at(-1)).toMatchObject({ code: 1006, wasClean: false, initiator: 'transport', opened: true, cause: undefined });
    expect(terminal()).toBe('error');
  });

  it.each(['drop', 'refuse'] as const)('fails before it is open: %s()', (verb) => {
    const server = testServer();
    const { events } = record(subjectOf(server).events);
    const connection = server.expectOne();
    connection[verb]();
    expect(events.at(-1)).toMatchObject({ code: 1006, wasClean: false, opened: false, httpStatus: null, cause: { type: 'error' } });
  });

  it('fails when a subprotocol is chosen that was not offered', () => {
    const server = testServer();
    const { events } = record(subjectOf(server, { protocol: ['a', 'b'] }).events);
    server.expectOne().accept('c');
    expect(events.at(-1)).toMatchObject({ code: 1006, opened: false });
  });

  it('answers our Close in a microtask, with our code', async () => {
    const server = testServer();
    const socket = subjectOf(server);
    const { events } = record(socket.events);
    const connection = await server.connection();
    socket.close(4001, 'bye');
    expect(connection).toMatchObject({ state: 'closing', closedWith: { code: 4001, reason: 'bye' } });
    await Promise.resolve();
    expect(connection.state).toBe('closed');
    expect(events.at(-1)).toMatchObject({ code: 4001, reason: 'bye', wasClean: true, initiator: 'local' });
  });

  it('answers our Close when the test says so, also with another code', async () => {
    const server = testServer();
    const socket = subjectOf(server);
    const { events } = record(socket.events);
    const connection = await server.connection();
    connection.ignoreClose();
    socket.close();
    await Promise.resolve();
    expect(connection.state).toBe('closing');
    connection.answerClose(4002, 'mine');
    expect(events.at(-1)).toMatchObject({ code: 4002, reason: 'mine', wasClean: true, initiator: 'local' });
  });

  it('ends with a Close without a code: 1005', () => {
    const server = testServer();
    const { events } = record(subjectOf(server).events);
    server.expectOne().close(1005);
    expect(events.at(-1)).toMatchObject({ code: 1005, wasClean: true });
  });

  it.each([0, 999, 1004, 1006, 1015, 1016, 2999, 5000, NaN])('refuses to send %s', (code) => {
    const server = testServer();
    subjectOf(server).subscribe();
    expect(() => server.expectOne().close(code)).toThrow(RangeError);
  });

  it('refuses verbs that its state makes impossible, and names the state', async () => {
    const server = testServer();
    const socket = subjectOf(server);
    socket.subscribe();
    const connection = await server.connection();
    expect(() => connection.accept()).toThrow('accept(): the connection to wss://quotes.example.com/ is open, not connecting');
    expect(() => connection.refuse()).toThrow('is open');
    expect(() => connection.answerClose()).toThrow('is open');
    connection.close();
    for (const verb of ['send', 'sendText', 'close', 'drop'] as const) expect(() => connection[verb]('' as never), verb).toThrow(/is closed|no server/);
  });

  it('is closed for the server when the client has given the attempt up', async () => {
    const server = testServer({ accept: 'manual' });
    const socket = subjectOf(server);
    socket.subscribe();
    const connection = server.expectOne();
    socket.close();
    expect(connection.state).toBe('closed');
    expect(() => connection.accept()).toThrow('is closed');
    await Promise.resolve();
    expect(connection.closedWith).toBeNull();
  });
});

describe('finding connections', () => {
  it('takes each once, by URL, pattern or function', async () => {
    const server = testServer();
    for (const path of ['a', 'b', 'c', 'd']) subjectOf(server, { url: `wss://host/${path}` }).subscribe();
    expect(server.expectOne('wss://host/b').url).toBe('wss://host/b');
    expect((await server.connection(/c$/)).url).toBe('wss://host/c');
    expect(server.expectOne((one) => one.url.endsWith('d')).url).toBe('wss://host/d');
    expect((await server.connection()).url).toBe('wss://host/a');
    server.expectNone();
    expect(server.connections).toHaveLength(4);
  });

  it('a waiting test gets the connection it waits for', async () => {
    const server = testServer();
    const [second, first] = [server.connection('wss://host/2'), server.connection('wss://host/1')];
    for (const path of [1, 2]) subjectOf(server, { url: `wss://host/${path}` }).subscribe();
    expect([(await first).url, (await second).url]).toEqual(['wss://host/1', 'wss://host/2']);
  });

  it('expectOne() throws and names what was made', () => {
    const server = testServer();
    expect(() => server.expectOne()).toThrow('expected one connection, found 0: no connection was made');
    subjectOf(server, { url: 'wss://host/a' }).subscribe();
    expect(() => server.expectOne('wss://host/b')).toThrow(
      'expected one connection to wss://host/b, found 0: made were wss://host/a (connecting)',
    );
    subjectOf(server, { url: 'wss://host/a' }).subscribe();
    expect(() => server.expectOne()).toThrow('found 2');
  });

  it('expectNone() and verify() list the connection that was not expected, and verify() then forgets it', () => {
    const server = testServer();
    server.verify();
    subjectOf(server).subscribe();
    expect(() => server.expectNone(url)).toThrow(`expected no connection to ${url}, found 1: made were ${url} (connecting)`);
    expect(() => server.verify()).toThrow('expected no connection, found 1');
    server.verify();
  });

  it('verify() throws for a connection() that still waits, and the next connection is not for that', async () => {
    const server = testServer();
    void server.connection('wss://elsewhere');
    expect(() => server.verify()).toThrow('no connection was made for connection() to wss://elsewhere: no connection was made');
    server.verify();
    subjectOf(server, { url: 'wss://elsewhere' }).subscribe();
    await Promise.resolve();
    server.expectOne('wss://elsewhere');
  });

  it('does not find an attempt that the client gave up before it was open, as a component does that is mounted twice', async () => {
    const server = testServer();
    const pending = server.connection();
    for (let n = 0; n < 2; n++) subjectOf(server).subscribe({ error: () => undefined }).unsubscribe();
    subjectOf(server).subscribe();
    expect(server.expectOne()).toBe(server.connections[2]);
    subjectOf(server).subscribe();
    expect(await pending).toBe(server.connections[3]);
    server.verify();
  });

  it('finds by a pattern that is global, by the URL of HTTP, and refuses what is no URL', async () => {
    const server = testServer();
    subjectOf(server).subscribe();
    const pattern = /quotes/g;
    for (let n = 0; n < 2; n++) expect(() => server.expectNone(pattern)).toThrow('found 1');
    expect(server.expectOne(url.replace('wss', 'https')).url).toBe(url);
    expect(() => server.expectOne('wss://')).toThrow(TypeError);
    await expect(server.connection('wss://')).rejects.toThrow(TypeError);
    const broken = server.connection(({ options }) => 'token' in (options as { headers: object }).headers);
    subjectOf(server).subscribe();
    await expect(broken).rejects.toThrow(TypeError);
  });
});

describe('chance, time and the page', () => {
  afterEach(() => void vi.useRealTimers());

  it('random waits are the same in every run, and are chosen by `random`', () => {
    for (const [random, delay] of [[undefined, 17_500], [() => 0, 5_000]] as const) {
      const server = testServer({ random });
      const { events } = record(subjectOf(server).pipeEvents(reconnectOnCode()).events);
      server.expectOne().close(1012);
      expect(events.at(-1)).toMatchObject({ type: 'reconnecting', delay });
    }
  });

  it('shows the order of verbs over a wait: close, advance the clock, expect the next connection', () => {
    vi.useFakeTimers();
    const server = testServer();
    const socket = subjectOf(server).pipeEvents(reconnectOnCode());
    const { messages } = record(socket.events);
    server.expectOne().close(1012);
    vi.advanceTimersByTime(17_499);
    server.expectNone();
    vi.advanceTimersByTime(1);
    server.expectOne().send('again');
    expect(messages).toEqual(['again']);
  });

  it.each([[undefined, 'closed'], [500, 'closed'], ['manual', 'connecting']] as const)('connectTimeout in manual mode: %s', (timeout, expected) => {
    vi.useFakeTimers();
    const server = testServer(timeout === undefined ? {} : { accept: 'manual' });
    subjectOf(server, typeof timeout === 'number' ? { connectTimeout: timeout } : {}).subscribe({ error: () => undefined });
    const connection = server.expectOne();
    vi.advanceTimersByTime(100_000);
    expect(connection.state).toBe(expected);
  });

  it('in manual mode nothing is pending while the test thinks: running all timers ends nothing', () => {
    vi.useFakeTimers();
    const server = testServer({ accept: 'manual' });
    const work = new Promise(() => undefined);
    subjectOf(server).events.subscribe((event) => event.type === 'open' && event.waitUntil(work));
    const connection = server.expectOne();
    vi.runAllTimers();
    connection.accept();
    vi.runAllTimers();
    expect(connection.state).toBe('open');
  });

  it('while the page is offline no retry is made', () => {
    vi.useFakeTimers();
    const server = testServer();
    const socket = subjectOf(server).pipeEvents(reconnectOnCode());
    socket.subscribe();
    server.expectOne().accept();
    server.page.offline();
    server.connections[0]?.drop();
    vi.advanceTimersByTime(100_000);
    server.expectNone();
    server.page.online();
    vi.advanceTimersByTime(500); // half of the second over which clients spread
    server.expectOne().accept();
  });

  it('a page that becomes visible shortens a wait', () => {
    vi.useFakeTimers();
    const server = testServer();
    subjectOf(server).pipeEvents(reconnectOnCode({ 1012: after(60_000) })).subscribe();
    server.expectOne().close(1012);
    server.page.hide();
    vi.advanceTimersByTime(2_000);
    server.expectNone();
    server.page.show();
    vi.advanceTimersByTime(500);
    server.expectOne();
  });
});

describe("code that cannot be given a class", () => {
  const before = Object.getOwnPropertyDescriptor(globalThis, 'WebSocket');

  it('install() throws while another server is installed', () => {
    const [first, second] = [testServer(), testServer()];
    first.install();
    expect(() => second.install()).toThrow('restore() the other server first');
    first.restore();
    expect(Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')).toEqual(before);
  });

  it('install() replaces the global, also for a subject made before, and restore() puts it back', () => {
    const socket = webSocket<unknown>(url).pipeEvents(reconnectOnCode());
    const server = testServer();
    server.install();
    server.install();
    try {
      const { events } = record(socket.events);
      server.expectOne().close(1012);
      expect(events.at(-1)).toMatchObject({ type: 'reconnecting', delay: 17_500 });
      socket.close();
    } finally {
      server.restore();
    }
    expect(Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')).toEqual(before);
    server.restore();
  });

  it('run() gives the server to the subjects that a function makes, and touches no global', () => {
    const server = testServer();
    const socket = server.run(() => webSocket<unknown>(url).pipeEvents(reconnectOnCode({ 4000: stop })));
    const { events } = record(socket.events);
    expect(Object.getOwnPropertyDescriptor(globalThis, 'WebSocket')).toEqual(before);
    server.expectOne().close(1012);
    expect(events.at(-1)).toMatchObject({ type: 'reconnecting', delay: 17_500 });
    socket.close();
  });

  it('two servers know only their own connections', () => {
    const [one, two] = [testServer(), testServer({ random: () => 0 })];
    const subjects = [one, two].map((server) => subjectOf(server).pipeEvents(reconnectOnCode()));
    const recordings = subjects.map((subject) => record(subject.events));
    for (const server of [one, two]) server.expectOne().close(1012);
    expect(recordings.map(({ events }) => (events.at(-1) as { delay?: number }).delay)).toEqual([17_500, 5_000]);
    subjects.forEach((subject) => subject.close());
  });
});
