import '@angular/compiler';
import { DOCUMENT, inject, PLATFORM_ID, type EnvironmentProviders, type Provider } from '@angular/core';
import { TestBed, TestComponentRenderer } from '@angular/core/testing';
import { INITIAL_CONFIG, platformServer, ServerModule } from '@angular/platform-server';
import { afterEach } from 'vitest';
import { webSocket, type SocketOperator, type WebSocketSubject } from '../../src/index.js';
import { fakeSockets, type FakeSocket, type Made } from '../subject/FakeSocket.js';

class Renderer extends TestComponentRenderer {
  readonly #document = inject(DOCUMENT);

  override insertRootElement(id: string): void {
    const element = this.#document.createElement('div');
    element.id = id;
    this.#document.body.appendChild(element);
  }

  override removeAllRootElements(): void {
    this.#document.body.textContent = '';
  }
}

/**
 * Without a page the DOM is that of the server platform; the application believes that it runs in a browser. Returns what begins another application, as
 * each test does.
 */
export function useAngular(...providers: (Provider | EnvironmentProviders)[]): () => void {
  TestBed.initTestEnvironment(ServerModule, platformServer([{ provide: INITIAL_CONFIG, useValue: { document: '<html><body></body></html>', url: '/' } }]));
  const begin = (): void => {
    TestBed.resetTestingModule();
    TestBed.configureTestingModule({
      providers: [{ provide: PLATFORM_ID, useValue: 'browser' }, { provide: TestComponentRenderer, useClass: Renderer }, ...providers],
    });
  };
  begin();
  afterEach(begin);
  return begin;
}

/** Returns a factory of sockets on fake transports, and these. */
export function fakes(): Made<FakeSocket> & { socket<T = unknown>(...operators: SocketOperator<T, unknown>[]): WebSocketSubject<T, unknown> } {
  const sockets = fakeSockets();
  return Object.assign(Object.create(Object.prototype, Object.getOwnPropertyDescriptors(sockets)) as typeof sockets, {
    socket: <T>(...operators: SocketOperator<T, unknown>[]) =>
      webSocket<T, unknown>({ url: 'ws://quotes.example.com', WebSocketCtor: sockets.WebSocketCtor }).pipeEvents(...operators),
  });
}
