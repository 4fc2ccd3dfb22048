// Compiled with the application, and in no build: nothing imports it.
import { TestBed } from '@angular/core/testing';
import { provideWebSocketTesting, WebSocketTestingController } from 'websocket-subject/angular/testing';

TestBed.configureTestingModule({ providers: [provideWebSocketTesting({ accept: 'auto' })] });
const controller: WebSocketTestingController = TestBed.inject(WebSocketTestingController);
controller.expectOne('wss://quotes.example.com').send({ op: 'quote', price: 1.08 });
controller.verify();
