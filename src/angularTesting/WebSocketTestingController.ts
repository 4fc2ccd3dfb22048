import { inject, makeEnvironmentProviders, type EnvironmentProviders } from '@angular/core';
import { SOCKET_ENVIRONMENT } from '../angular/socketEnvironment.js';
import { TestServer, type TestServerOptions } from '../testing/TestServer.js';

/**
 * The test server that {@link provideWebSocketTesting} provides. The sockets of `injectWebSocket` connect to it.
 *
 * It has the methods and connections of `testServer()`. `expectOne(url)`, `expectNone(url)` and `verify()` work as in Angular's `HttpTestingController`.
 *
 * @example
 * ```ts
 * import { TestBed } from '@angular/core/testing';
 * import { WebSocketTestingController } from 'websocket-subject/angular/testing';
 *
 * const controller = TestBed.inject(WebSocketTestingController);
 * TestBed.tick(); // sockets connect at a change detection
 * controller.expectOne('wss://quotes.example.com').send({ price: 1.08 });
 * controller.verify();
 * ```
 */
export class WebSocketTestingController extends TestServer {
  /** @internal */
  constructor(options: TestServerOptions) {
    super('provideWebSocketTesting', { ...options, accept: options.accept ?? 'manual' });
  }
}

/**
 * Provides a server in memory, to which each socket of `injectWebSocket` connects, without a network. A socket whose config has a `WebSocketCtor` uses that
 * class instead.
 *
 * A connection stays in `connecting` until the test accepts it, or sends on it; it has no `connectTimeout`, unless the config names one. Each injector has
 * a server of its own, so a test finds no connections of the previous test.
 *
 * @param options - those of `testServer()`, but `accept` is `'manual'` by default. An unknown option, or an impossible value, throws a `TypeError` that
 *   names it, when the server is first used.
 *
 * @example
 * ```ts
 * import { TestBed } from '@angular/core/testing';
 * import { provideWebSocketTesting } from 'websocket-subject/angular/testing';
 *
 * TestBed.configureTestingModule({ providers: [provideWebSocketTesting()] });
 * ```
 */
export function provideWebSocketTesting(options: TestServerOptions = {}): EnvironmentProviders {
  return makeEnvironmentProviders([
    { provide: WebSocketTestingController, useFactory: () => new WebSocketTestingController(options) },
    { provide: SOCKET_ENVIRONMENT, useFactory: () => ({ WebSocketCtor: inject(WebSocketTestingController).WebSocket }) },
  ]);
}
