import { inject, Injectable, InjectionToken, signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnectOnCode, webSocket } from 'websocket-subject';
import { testServer } from 'websocket-subject/testing';

// The code under test: the WebSocket class comes by injection.
const WEB_SOCKET = new InjectionToken('WebSocket', { factory: () => globalThis.WebSocket });

@Injectable({ providedIn: 'root' })
class Quotes {
  readonly price = signal<number | undefined>(undefined);
  readonly #socket = webSocket<number>({ url: 'wss://quotes.example.com', WebSocketCtor: inject(WEB_SOCKET) }).pipeEvents(reconnectOnCode());

  constructor() {
    this.#socket.subscribe((price) => this.price.set(price));
  }

  close(): void {
    this.#socket.close();
  }
}

describe('Quotes', () => {
  const server = testServer();
  beforeEach(() => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({ providers: [{ provide: WEB_SOCKET, useValue: server.WebSocket }] });
  });
  afterEach(() => {
    vi.useRealTimers();
    server.verify();
  });

  it('has the latest price, also after a restart of the server', async () => {
    const quotes = TestBed.inject(Quotes);
    const first = await server.connection(); // a promise: fake timers do not stop it
    first.send(1.08);
    expect(quotes.price()).toBe(1.08);

    first.close(1012, 'restart');
    vi.advanceTimersByTime(17_500);
    const second = await server.connection();
    second.send(1.09);
    expect(quotes.price()).toBe(1.09);

    quotes.close();
    expect(second.closedWith).toEqual({ code: 1000, reason: '' });
  });
});
