import { Injectable } from '@angular/core';
import { fakeAsync, flushMicrotasks, TestBed, tick } from '@angular/core/testing';
import { reconnectOnCode, webSocket } from 'websocket-subject';
import { injectWebSocket } from 'websocket-subject/angular';
import { provideWebSocketTesting, WebSocketTestingController } from 'websocket-subject/angular/testing';
import { testServer } from 'websocket-subject/testing';

@Injectable({ providedIn: 'root' })
class Quotes {
  readonly socket = injectWebSocket(() => webSocket<number>('wss://quotes.example.com').pipeEvents(reconnectOnCode()));
}

/** Has no signals. */
@Injectable({ providedIn: 'root' })
class Log {
  readonly #socket = webSocket<string>('wss://log.example.com').pipeEvents(reconnectOnCode());
  readonly lines: string[] = [];

  constructor() {
    this.#socket.subscribe((line) => this.lines.push(line));
  }

  close(): void {
    this.#socket.close();
  }
}

describe('in fakeAsync', () => {
  it('a socket of injectWebSocket gets a new connection after a restart', fakeAsync(() => {
    TestBed.configureTestingModule({ providers: [provideWebSocketTesting()] });
    const controller = TestBed.inject(WebSocketTestingController);
    const { socket } = TestBed.inject(Quotes);
    TestBed.tick();
    const first = controller.expectOne();
    first.send(1.08);
    first.close(1012);
    tick(17_499);
    controller.expectNone();
    tick(1);
    controller.expectOne().send(1.09);
    expect(socket.value()).toBe(1.09);
    socket.close();
    flushMicrotasks(); // the server answers the Close
    expect(socket.status().state).toBe('closed');
    controller.verify();
  }));

  it('and so does a plain subject, which connects to a server of its own', fakeAsync(() => {
    const server = testServer();
    const log = server.run(() => TestBed.inject(Log));
    const first = server.expectOne();
    flushMicrotasks(); // the connection opens by itself
    expect(first.state).toBe('open');
    first.send('a');
    first.close(1012);
    tick(17_500);
    const second = server.expectOne();
    second.send('b');
    expect(log.lines).toEqual(['a', 'b']);
    log.close();
    flushMicrotasks();
    expect(second).toMatchObject({ state: 'closed', closedWith: { code: 1000 } });
    server.verify();
  }));
});
