import '@angular/compiler';
import { createEnvironmentInjector, DOCUMENT, EnvironmentInjector, inject, PLATFORM_ID, signal, type EnvironmentProviders, type Provider } from '@angular/core';
import { TestBed, TestComponentRenderer } from '@angular/core/testing';
import { INITIAL_CONFIG, platformServer, ServerModule } from '@angular/platform-server';
import { afterEach } from 'vitest';
import { injectWebSocket, type WebSocketRef } from '../../src/angular/index.js';
import { webSocket, type SocketOperator, type WebSocketSubject } from '../../src/index.js';
import { manualServer } from '../subject/setUp.js';

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

/** A server in memory, and a factory of its subjects. */
export function setUp() {
  const { last, server } = manualServer();
  const socket = <T = unknown>(...operators: SocketOperator<T, unknown>[]): WebSocketSubject<T, unknown> =>
    webSocket<T, unknown>({ url: 'ws://quotes.example.com', WebSocketCtor: server.WebSocket }).pipeEvents(...operators);
  return { last, server, socket };
}

interface Made<In> {
  readonly ref: WebSocketRef<In, unknown>;
  destroy(): void;
}

/** Makes a reference in an injector that can be destroyed, before the change detection that follows its socket. */
export function makeEarlyRef<In>(create: () => WebSocketSubject<In, unknown> | undefined): Made<In> {
  const injector = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
  return { ref: injectWebSocket(create, { injector }), destroy: () => injector.destroy() };
}

/** The same, with that change detection. */
export function makeRef<In>(create: () => WebSocketSubject<In, unknown> | undefined): Made<In> {
  const made = makeEarlyRef(create);
  TestBed.tick();
  return made;
}

/** An open socket in room `a`, which `room` can change. */
export function openRoom() {
  const { last, server, socket } = setUp();
  const room = signal('a');
  const { ref } = makeRef(() => (room(), socket()));
  const first = last();
  first.accept();
  return { first, last, ref, room, server };
}

/** What the signals show, but for times. */
export const shown = ({ status, value, closeEvent, error }: WebSocketRef<unknown, unknown>): unknown[] => [status().state, value(), closeEvent()?.code, error()];
