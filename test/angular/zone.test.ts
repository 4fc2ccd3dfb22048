import 'zone.js';
import 'zone.js/testing';
import { ApplicationRef, Component, createEnvironmentInjector, EnvironmentInjector, NgZone } from '@angular/core';
import { fakeAsync, flushMicrotasks, TestBed, tick } from '@angular/core/testing';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { filter, firstValueFrom, Observable, Subject } from 'rxjs';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket as WsSocket } from 'ws';
import { injectWebSocket, type WebSocketRef } from '../../src/angular/index.js';
import { provideWebSocketTesting, WebSocketTestingController } from '../../src/angularTesting/index.js';
import {
  after, closeGracefully, heartbeat, reconnectOnCode, suspendWhile, topics, webSocket, type SocketOperator, type SocketStatus, type WebSocketCtor, type WebSocketSubject,
  type WebSocketSubjectConfig,
} from '../../src/index.js';
import { localServer } from '../server/localServer.js';
import { setUp, useAngular } from './setUp.js';

const beginAnew = useAngular();

/** A `ws` whose handlers run in the zone that set them, as those of a browser's `WebSocket` do once zone.js has patched that. */
class Patched extends WsSocket {}
for (const name of ['onopen', 'onmessage', 'onerror', 'onclose']) {
  const { set } = Object.getOwnPropertyDescriptor(WsSocket.prototype, name)!;
  Object.defineProperty(Patched.prototype, name, {
    set(handler: (...args: unknown[]) => unknown) {
      set!.call(this, Zone.current.wrap(handler, name));
    },
  });
}
const WebSocketCtor = Patched as unknown as WebSocketCtor;

/** Longer than any test may take. */
const long = 1_000_000;
const zone = (): NgZone => TestBed.inject(NgZone);

interface Followed<In> {
  readonly ref: WebSocketRef<In, unknown>;
  reached(state: SocketStatus['state']): Promise<unknown>;
}

/** Makes a reference inside the zone, as a service does. */
function follow<In>(make: () => WebSocketSubject<In, unknown>): Followed<In> {
  return zone().run(() => {
    let socket!: WebSocketSubject<In, unknown>;
    const ref = TestBed.runInInjectionContext(() => injectWebSocket(() => (socket = make())));
    TestBed.tick();
    return { ref, reached: (state) => firstValueFrom(socket.status.pipe(filter((status) => status.state === state))) };
  });
}

const connect = (url: string, config: Partial<WebSocketSubjectConfig<string, unknown>> = {}, ...operators: SocketOperator<string, unknown>[]): Followed<string> =>
  follow(() => webSocket<string, unknown>({ url, WebSocketCtor, closeTimeout: long, connectTimeout: long, ...config }).pipeEvents(...operators));

async function expectStable(): Promise<void> {
  // The test hangs where something keeps the application unstable.
  await TestBed.inject(ApplicationRef).whenStable();
  expect([zone().hasPendingMacrotasks, zone().isStable]).toEqual([false, true]);
}

describe('under zone.js the application is stable', () => {
  const local = localServer();
  let silent: Server | undefined;
  afterEach(() => silent?.close());

  const ping = { every: long, timeout: long, ping: () => 'ping' };
  const beats = heartbeat<string, unknown>(ping);

  it('while open, with a heartbeat', async () => {
    const { reached } = connect(local.url, {}, beats, reconnectOnCode());
    await reached('open');
    await expectStable();
  });

  it('while it connects', async () => {
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const accepted = once(silent, 'connection');
    const { ref } = connect(`ws://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const [stream] = (await accepted) as [{ destroy(): void }];
    await expectStable();
    expect(ref.status().state).toBe('connecting');
    stream.destroy();
  });

  it('while it waits for a retry', async () => {
    const connection = once(local.server, 'connection');
    const { reached } = connect(local.url, {}, reconnectOnCode(after(long)));
    const [peer] = (await connection) as [WsSocket];
    peer.close(1012);
    await reached('waiting');
    await expectStable();
  });

  it('while it is refused', async () => {
    const { reached } = connect('ws://127.0.0.1:1', {}, reconnectOnCode(after(long)));
    await reached('waiting');
    await expectStable();
  });

  it('when a click has reconnected it, and when a click has sent', async () => {
    const { ref, reached } = connect(local.url, { closeTimeout: 50 }, beats, reconnectOnCode());
    await reached('open');
    zone().run(() => ref.reconnect());
    await reached('connecting');
    await reached('open');
    zone().run(() => ref.next('a'));
    await expectStable();
  });

  it('while it closes towards a silent server', async () => {
    const connection = once(local.server, 'connection');
    const { ref, reached } = connect(local.url, {}, beats, reconnectOnCode());
    const [peer] = (await connection) as [WsSocket];
    peer.pause();
    await reached('open');
    zone().run(() => ref.close());
    expect(ref.status().state).toBe('closing');
    await expectStable();
    peer.terminate();
  });

  it('while it listens to observables of yours that make timers', async () => {
    let timers = 0;
    const ticking = <T>(): Observable<T> =>
      new Observable(() => {
        timers++;
        const timer = setInterval(() => undefined, long);
        return () => clearInterval(timer);
      });
    const { reached } = connect(local.url, {}, reconnectOnCode({}, { wake: ticking() }), suspendWhile(ticking<boolean>()), closeGracefully(ticking()));
    await reached('open');
    await expectStable();
    expect(timers).toBe(3);
  });

  it('while the URL function waits', async () => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const { ref } = connect('', { url: () => new Promise<string>((resolve) => (timer = setTimeout(() => resolve(local.url), long))) });
    await expectStable();
    expect([ref.status().state, timer === undefined]).toEqual(['connecting', false]);
    clearTimeout(timer);
  });

  it('and transports are made and listened to outside the zone, also where the URL comes inside it', async () => {
    const url = new Subject<string>();
    const isInside: boolean[] = [];
    class Recording extends WsSocket {
      constructor(address: string) {
        super(address);
        isInside.push(NgZone.isInAngularZone());
      }
    }
    Object.defineProperty(Recording.prototype, 'binaryType', { set: () => isInside.push(NgZone.isInAngularZone()) });
    const { reached } = connect('', { url: () => url, WebSocketCtor: Recording as unknown as WebSocketCtor });
    zone().run(() => url.next(local.url));
    await reached('open');
    expect(isInside).toEqual([false, false]);
  });

  it('while a topic without consumers is kept', async () => {
    let socket!: WebSocketSubject<string, unknown>;
    const { reached: open } = follow(() => (socket = webSocket<string, unknown>({ url: local.url, WebSocketCtor })));
    await open('open');
    const topic = topics(socket, { keyOf: (message) => message, subscribe: (key: string) => key, unsubscribe: (key) => key, grace: long });
    zone().run(() => topic('a').subscribe().unsubscribe());
    await expectStable();
  });

  it('while a socket lingers that its component has left', async () => {
    const injector = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
    let socket!: WebSocketSubject<string, unknown>;
    zone().run(() => {
      injectWebSocket(() => (socket = webSocket<string, unknown>({ url: local.url, WebSocketCtor, linger: long })), { injector });
      TestBed.tick();
    });
    await firstValueFrom(socket.status.pipe(filter(({ state }) => state === 'open')));
    zone().run(() => injector.destroy());
    await expectStable();
    socket.unsubscribe();
  });
});

describe('under zone.js messages', () => {
  const where = { inside: [] as boolean[], outside: [] as boolean[] };
  const record = (list: boolean[]) => () => list.push(NgZone.isInAngularZone());

  it('are delivered inside the zone to those who subscribed inside, in one run a message, and outside to others', () => {
    const { last, socket } = setUp();
    const { ref } = follow(() => socket<string>());
    zone().run(() => {
      ref.messages.subscribe(record(where.inside));
      ref.messages.subscribe(record(where.inside));
    });
    ref.messages.subscribe(record(where.outside));
    last().accept();
    let runs = 0;
    zone().onUnstable.subscribe(() => runs++);
    zone().runOutsideAngular(() => {
      last().send('a');
      last().send('b');
    });
    expect([where, runs]).toEqual([{ inside: [true, true, true, true], outside: [false, false] }, 2]);
  });

  it('never enter the zone when only signals are used', () => {
    const { last, socket } = setUp();
    const { ref } = follow(() => socket<number>());
    const sum = ref.fold((total, message) => total + message, 0);
    last().accept();
    let runs = 0;
    zone().onUnstable.subscribe(() => runs++);
    for (let i = 0; i < 500; i++) last().send(1);
    expect([sum(), ref.value(), runs]).toEqual([500, 1, 0]);
  });

  it('of 500 at once make at most 20 renders', async () => {
    const { last, socket } = setUp();
    let renders = 0;
    class View {
      readonly socket = injectWebSocket(() => socket<number>());
      render(value: unknown): unknown {
        renders++;
        return value;
      }
    }
    Component({ selector: 'app-view', template: '{{ render(socket.value()) }}' })(View);
    const fixture = TestBed.createComponent(View);
    fixture.autoDetectChanges();
    await fixture.whenStable();
    last().accept();
    renders = 0;
    for (let i = 0; i < 500; i++) last().send(i);
    await TestBed.inject(ApplicationRef).whenStable();
    expect((fixture.nativeElement as { textContent: string }).textContent).toBe('499');
    expect(renders).toBeGreaterThan(0);
    expect(renders).toBeLessThanOrEqual(20);
  });
});

/** Runs a test in `fakeAsync`, for which a test runner that knows zone.js makes the zone. */
function inFakeAsync(work: () => void): void {
  const { ProxyZoneSpec } = Zone as unknown as { ProxyZoneSpec: new () => ZoneSpec };
  Zone.current.fork(new ProxyZoneSpec()).run(
    fakeAsync(() => {
      beginAnew();
      work();
    }, { flush: false }), // a timer that is left is an error
  );
}

describe('fakeAsync', () => {
  const beats = heartbeat<string, unknown>({ every: 25_000, timeout: 10_000, ping: () => 'ping' });

  it('controls its timers', () =>
    inFakeAsync(() => {
      const { last, server, socket } = setUp();
      const { ref } = follow(() => socket<string>(beats, reconnectOnCode(after(5_000))));
      last().accept();
      tick(24_999);
      expect(last().received).toEqual([]);
      tick(1);
      expect(last().received).toEqual(['ping']);
      last().drop();
      expect(ref.status().state).toBe('waiting');
      tick(5_000);
      expect([server.connections.length, ref.status().state]).toEqual([2, 'connecting']);
      ref.close();
    }));

  it('controls the waits of a socket of the testing controller, and leaves no timer behind', () =>
    inFakeAsync(() => {
      TestBed.configureTestingModule({ providers: [provideWebSocketTesting()] });
      const controller = TestBed.inject(WebSocketTestingController);
      const { ref } = follow(() => webSocket<string, unknown>('wss://quotes.example.com').pipeEvents(beats, reconnectOnCode()));
      const first = controller.expectOne();
      tick(3_600_000);
      expect(first.state).toBe('connecting');
      first.send('a');
      tick(25_000);
      expect([ref.value(), first.received]).toEqual(['a', ['ping']]);
      first.close(1012);
      tick(17_499);
      controller.expectNone();
      tick(1);
      const second = controller.expectOne();
      second.accept();
      ref.close();
      flushMicrotasks(); // the server answers the Close
      expect([second.state, ref.status().state]).toEqual(['closed', 'closed']);
      controller.verify();
    }));
});
