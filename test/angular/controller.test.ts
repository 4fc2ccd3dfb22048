import { createEnvironmentInjector, EnvironmentInjector, Injector, provideZonelessChangeDetection, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { injectWebSocket, type InjectWebSocketOptions, type WebSocketRef } from '../../src/angular/index.js';
import { provideWebSocketTesting, WebSocketTestingController } from '../../src/angularTesting/index.js';
import { reconnectOnCode, webSocket, type SocketOperator } from '../../src/index.js';
import { testServer, type TestServerOptions } from '../../src/testing/index.js';
import { useAngular } from './setUp.js';

const beginAnew = useAngular(provideZonelessChangeDetection());

const url = 'wss://quotes.example.com/';

function useController(options?: TestServerOptions): WebSocketTestingController {
  TestBed.configureTestingModule({ providers: [provideWebSocketTesting(options)] });
  return TestBed.inject(WebSocketTestingController);
}

function makeRef(path = '', options: InjectWebSocketOptions = {}, ...operators: SocketOperator<number, unknown>[]): WebSocketRef<number, unknown> {
  const make = (): WebSocketRef<number, unknown> => injectWebSocket(() => webSocket<number, unknown>(url + path).pipeEvents(...operators), options);
  const ref = options.injector ? make() : TestBed.runInInjectionContext(make);
  TestBed.tick();
  return ref;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('WebSocketTestingController', () => {
  it('has the connections of injectWebSocket, which stay connecting until the test accepts them', async () => {
    const controller = useController();
    const ref = makeRef();
    const connection = controller.expectOne(url);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect([connection.state, ref.status().state]).toEqual(['connecting', 'connecting']);
    connection.accept();
    expect(ref.status().state).toBe('open');
    connection.send(1.08);
    ref.next('hello');
    expect([ref.value(), connection.received]).toEqual([1.08, ['hello']]);
    controller.verify();
  });

  it('follows a service over a restart of the server, with waits that are the same in each run', () => {
    const controller = useController();
    const ref = makeRef('', {}, reconnectOnCode());
    controller.expectOne().close(1012, 'restart');
    expect([ref.status().state, ref.closeEvent()?.reason]).toEqual(['waiting', 'restart']);
    vi.advanceTimersByTime(17_499);
    controller.expectNone();
    vi.advanceTimersByTime(1);
    controller.expectOne().send(2);
    expect(ref.value()).toBe(2);
  });

  it('controls the page of the sockets', () => {
    const controller = useController();
    const ref = makeRef('', {}, reconnectOnCode());
    controller.page.offline();
    controller.expectOne().drop();
    expect(ref.status()).toMatchObject({ state: 'waiting', until: null });
  });

  it('reaches a socket that a signal chooses, one after another', () => {
    const controller = useController();
    const room = signal('a');
    TestBed.runInInjectionContext(() => injectWebSocket(() => webSocket(url + room())));
    TestBed.tick();
    const first = controller.expectOne(`${url}a`);
    first.accept();
    room.set('b');
    TestBed.tick();
    expect(first.closedWith).toEqual({ code: 1000, reason: '' });
    controller.expectOne(`${url}b`);
  });

  it('reaches sockets of injectors below, and each application has its own', () => {
    const controller = useController();
    makeRef('child', { injector: createEnvironmentInjector([], TestBed.inject(EnvironmentInjector)) });
    makeRef('node', { injector: Injector.create({ providers: [], parent: TestBed.inject(Injector) }) });
    controller.expectOne(`${url}child`);
    controller.expectOne(`${url}node`);
    beginAnew();
    expect(useController().connections).toEqual([]);
  });

  it('ends the sockets with the injector, by a Close', async () => {
    const controller = useController();
    makeRef();
    const connection = controller.expectOne();
    connection.accept();
    beginAnew();
    await Promise.resolve();
    expect(connection).toMatchObject({ state: 'closed', closedWith: { code: 1000 } });
  });

  it('says what was made where a test expects something else', () => {
    const controller = useController();
    expect(() => controller.expectOne(url)).toThrow('expected one connection to wss://quotes.example.com/, found 0: no connection was made');
    makeRef('a');
    makeRef('b');
    const both = `${url}a (connecting), ${url}b (connecting)`;
    expect(() => controller.expectOne()).toThrow(`expected one connection, found 2: made were ${both}`);
    expect(() => controller.expectNone(`${url}a`)).toThrow(`expected no connection to ${url}a, found 1: made were ${both}`);
    expect(() => controller.verify()).toThrow(`expected no connection, found 2: made were ${both}`);
  });

  it('takes the options of testServer, and accepts by itself only if it is told to', async () => {
    const onMessage = vi.fn();
    const controller = useController({ accept: 'auto', onMessage });
    const ref = makeRef();
    await controller.connection();
    expect(ref.status().state).toBe('open');
    ref.next('hello');
    await Promise.resolve();
    expect(onMessage.mock.calls).toEqual([['hello', controller.connections[0]]]);
  });

  it('names an option that there is not', () => {
    expect(() => useController({ acept: 'auto' } as object)).toThrow(new TypeError("provideWebSocketTesting: no option 'acept', only accept, like, random, onConnection, onMessage, encode, decode"));
  });

  it('leaves a socket whose config names a class to that class', () => {
    const controller = useController();
    const other = testServer();
    TestBed.runInInjectionContext(() => injectWebSocket(() => webSocket({ url, WebSocketCtor: other.WebSocket })));
    TestBed.tick();
    expect([other.connections.length, controller.connections.length]).toEqual([1, 0]);
  });
});
