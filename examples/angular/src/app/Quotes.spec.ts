import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { provideWebSocketTesting, WebSocketTestingController } from 'websocket-subject/angular/testing';
import type { TestConnection } from 'websocket-subject/testing';
import { Board } from './Board';
import { Login } from './Login';
import { Quotes } from './Quotes';
import { StatusLine } from './StatusLine';

describe('the quotes', () => {
  let controller: WebSocketTestingController;
  let http: HttpTestingController;
  let quotes: Quotes;

  beforeEach(() => {
    vi.useFakeTimers();
    TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), provideWebSocketTesting()] });
    controller = TestBed.inject(WebSocketTestingController);
    http = TestBed.inject(HttpTestingController);
    quotes = TestBed.inject(Quotes);
  });
  afterEach(() => {
    controller.verify();
    http.verify();
    vi.useRealTimers();
  });

  /** Lets the promises of a login go on. */
  const settle = async (): Promise<void> => void (await vi.advanceTimersByTimeAsync(0));

  async function giveToken(token: string): Promise<void> {
    await settle();
    http.expectOne('/api/token').flush(token);
    await settle();
  }

  const expectConnection = (token: string): TestConnection => controller.expectOne(({ protocols }) => protocols.includes(`bearer.${token}`));

  /** Logs in and returns the open connection. */
  async function goLive(): Promise<TestConnection> {
    TestBed.inject(Login).logIn('ada');
    TestBed.tick();
    await giveToken('t1');
    const connection = expectConnection('t1');
    connection.accept();
    return connection;
  }

  it('have no socket before a login, and none after a logout', async () => {
    TestBed.tick();
    expect(quotes.socket.status().state).toBe('idle');
    const connection = await goLive();
    expect(quotes.socket.status().state).toBe('open');
    TestBed.inject(Login).logOut();
    TestBed.tick();
    expect([quotes.socket.status().state, connection.closedWith?.code]).toEqual(['idle', 1000]);
  });

  it('never come with the token of the user before', async () => {
    const login = TestBed.inject(Login);
    login.logIn('ada');
    TestBed.tick();
    await settle();
    const ofAda = http.expectOne('/api/token');
    login.logOut();
    login.logIn('grace');
    TestBed.tick();
    await settle();
    const ofGrace = http.expectOne('/api/token');
    ofGrace.flush('t-grace');
    await settle();
    ofAda.flush('t-ada'); // late
    await settle();
    expectConnection('t-grace').accept();
    expect(await login.token(false)).toBe('t-grace');
  });

  it('ask for the token again where that failed', async () => {
    TestBed.inject(Login).logIn('ada');
    TestBed.tick();
    await settle();
    http.expectOne('/api/token').flush('down', { status: 503, statusText: 'Service Unavailable' });
    await settle();
    TestBed.inject(Quotes).socket.reconnect();
    await giveToken('t1');
    expectConnection('t1').accept();
  });

  it('count from nothing for another user', async () => {
    (await goLive()).send({ op: 'quote', symbol: 'EURUSD', price: 1.08 });
    TestBed.inject(Login).logIn('grace');
    TestBed.tick();
    await giveToken('t2');
    expectConnection('t2');
    expect([quotes.count(), quotes.prices()]).toEqual([0, {}]);
  });

  it('are shown, the last price of each symbol', async () => {
    const board = TestBed.createComponent(Board);
    const text = (): string => board.nativeElement.textContent;
    board.autoDetectChanges();
    expect(text()).toContain('No quotes yet');
    const connection = await goLive();
    for (const [symbol, price] of [['EURUSD', 1.08], ['GBPUSD', 1.27], ['EURUSD', 1.09]]) connection.send({ op: 'quote', symbol, price });
    TestBed.tick();
    expect(text()).toContain('EURUSD1.09GBPUSD1.27');
    expect(quotes.count()).toBe(3);
  });

  it('get a new token when the old one has expired, and none for a user who may not', async () => {
    (await goLive()).close(4401, 'token expired');
    await giveToken('t2');
    const second = expectConnection('t2');
    second.close(4403, 'not your quotes');
    await vi.advanceTimersByTimeAsync(3_600_000);
    controller.expectNone();
    expect([quotes.socket.status().state, quotes.socket.closeEvent()?.reason, quotes.socket.error()]).toEqual(['closed', 'not your quotes', undefined]);
  });

  it('come again after a restart of the server; meanwhile the status counts down', async () => {
    const line = TestBed.createComponent(StatusLine);
    line.autoDetectChanges();
    const text = (): string => line.nativeElement.querySelector('#status').textContent;
    const first = await goLive();
    await vi.advanceTimersByTimeAsync(50);
    expect(text()).toBe('Live');
    first.close(1012, 'deploy');
    await vi.advanceTimersByTimeAsync(50);
    expect(text()).toBe('Lost (deploy): next attempt in 18 s');
    await vi.advanceTimersByTimeAsync(10_000);
    expect(text()).toBe('Lost (deploy): next attempt in 8 s');
    line.nativeElement.querySelector('#reconnect').click();
    await settle();
    const second = expectConnection('t1');
    second.accept();
    await vi.advanceTimersByTimeAsync(50);
    expect(text()).toBe('Live');
  });

  it('are asked for again while the server is silent: the heartbeat finds a connection that is dead', async () => {
    const connection = await goLive();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(connection.received).toEqual([{ op: 'ping' }]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect([quotes.socket.status().state, quotes.socket.closeEvent()?.code]).toEqual(['waiting', 1006]);
  });
});
