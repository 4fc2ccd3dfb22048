import { Component, inject, Injectable } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reconnectOnCode, webSocket } from 'websocket-subject';
import { injectWebSocket } from 'websocket-subject/angular';
import { provideWebSocketTesting, WebSocketTestingController } from 'websocket-subject/angular/testing';

@Injectable({ providedIn: 'root' })
class Quotes {
  readonly socket = injectWebSocket(() => webSocket<number>('wss://quotes.example.com').pipeEvents(reconnectOnCode()));
}

@Component({ selector: 'app-price', template: '{{ quotes.socket.value() ?? "no price" }}' })
class Price {
  protected readonly quotes = inject(Quotes);
}

describe('Quotes', () => {
  let controller: WebSocketTestingController;
  beforeEach(() => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({ providers: [provideWebSocketTesting()] });
    controller = TestBed.inject(WebSocketTestingController);
  });
  afterEach(() => {
    controller.verify();
    vi.useRealTimers();
  });

  it('has the latest price, also after a restart of the server', () => {
    const { socket } = TestBed.inject(Quotes);
    TestBed.tick(); // a socket connects with the first change detection
    const first = controller.expectOne('wss://quotes.example.com');
    first.send(1.08); // accepts the connection
    expect(socket.value()).toBe(1.08);

    first.close(1012, 'restart');
    expect([socket.status().state, socket.closeEvent()?.reason]).toEqual(['waiting', 'restart']);
    vi.advanceTimersByTime(17_500);
    const second = controller.expectOne();
    second.send(1.09);
    expect(socket.value()).toBe(1.09);

    socket.close();
    expect(second.closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('is shown', () => {
    const price = TestBed.createComponent(Price);
    price.detectChanges();
    expect(price.nativeElement.textContent).toBe('no price');
    controller.expectOne().send(1.08);
    price.detectChanges();
    expect(price.nativeElement.textContent).toBe('1.08');
  });
});
