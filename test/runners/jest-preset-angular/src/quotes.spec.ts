import { Injectable } from '@angular/core';
import { fakeAsync, flushMicrotasks, TestBed, tick } from '@angular/core/testing';
import { reconnectOnCode, webSocket } from 'websocket-subject';
import { testServer, type TestConnection } from 'websocket-subject/testing';

@Injectable({ providedIn: 'root' })
class Quotes {
  readonly #socket = webSocket<number>('wss://quotes.example.com').pipeEvents(reconnectOnCode());
  readonly prices: number[] = [];

  constructor() {
    this.#socket.subscribe((price) => this.prices.push(price));
  }

  close(): void {
    this.#socket.close();
  }
}

describe('in fakeAsync', () => {
  it('a service gets a new connection after a restart', fakeAsync(() => {
    const server = testServer();
    const quotes = server.run(() => TestBed.inject(Quotes));
    const first = server.expectOne();
    flushMicrotasks(); // the connection opens by itself
    expect(first.state).toBe('open');
    first.send(1.08);
    first.close(1012);
    tick(17_499);
    server.expectNone();
    tick(1);
    const second = server.expectOne();
    second.send(1.09);
    expect(quotes.prices).toEqual([1.08, 1.09]);
    quotes.close();
    flushMicrotasks(); // the server answers the Close
    expect(second).toMatchObject({ state: 'closed', closedWith: { code: 1000 } });
    server.verify();
  }));

  it('await connection() is a promise like any other, and manual mode has no timer', fakeAsync(() => {
    const server = testServer({ accept: 'manual' });
    let taken: TestConnection | undefined;
    void server.connection().then((connection) => (taken = connection));
    const socket = webSocket<number>({ url: 'wss://quotes.example.com', WebSocketCtor: server.WebSocket });
    const subscription = socket.subscribe();
    expect(taken).toBeUndefined();
    flushMicrotasks();
    expect(taken?.state).toBe('connecting');
    subscription.unsubscribe();
    flushMicrotasks();
    expect(taken?.state).toBe('closed');
  }));
});
