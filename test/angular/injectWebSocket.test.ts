import { Component, createEnvironmentInjector, EnvironmentInjector, Injector, Input, input, provideZonelessChangeDetection, signal, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { injectWebSocket, type WebSocketRef } from '../../src/angular/index.js';
import { after, reconnectOnCode, stop, UnsentError, webSocket, WebSocketCloseError, type WebSocketCtor, type WebSocketSubject } from '../../src/index.js';
import { fakes, useAngular } from './setUp.js';

useAngular(provideZonelessChangeDetection());

/** Makes a reference in an injector that can be destroyed. */
function makeRef<In>(create: () => WebSocketSubject<In, unknown> | undefined): { ref: WebSocketRef<In, unknown>; destroy(): void } {
  const injector = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
  const ref = injectWebSocket(create, { injector });
  TestBed.tick();
  return { ref, destroy: () => injector.destroy() };
}

/** Returns a socket whose constructor refuses. */
function refusing(refusal: Error): WebSocketSubject<unknown> {
  const WebSocketCtor = function () {
    throw refusal;
  } as unknown as WebSocketCtor;
  return webSocket({ url: 'ws://quotes.example.com', WebSocketCtor });
}

/** What the signals show, but for times. */
const shown = ({ status, value, closeEvent, error }: WebSocketRef<unknown, unknown>): unknown[] => [status().state, value(), closeEvent()?.code, error()];

describe('injectWebSocket', () => {
  it('shows status, messages and the end as signals, none of which throws after an error', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket<string>());
    expect(shown(ref)).toEqual(['connecting', undefined, undefined, undefined]);
    sockets.last.open();
    sockets.last.message('a');
    expect(shown(ref)).toEqual(['open', 'a', undefined, undefined]);
    sockets.last.drop();
    expect(shown(ref)).toEqual(['closed', 'a', 1006, expect.any(WebSocketCloseError)]);
  });

  it('connects with the first change detection, and not when it is called', () => {
    const sockets = fakes();
    const ref = TestBed.runInInjectionContext(() => injectWebSocket(() => sockets.socket()));
    expect([ref.status().state, sockets.made.length]).toEqual(['idle', 0]);
    TestBed.tick();
    expect([ref.status().state, sockets.made.length]).toEqual(['connecting', 1]);
  });

  it('sends at once what was given to next() before it connected', () => {
    const sockets = fakes();
    const ref = TestBed.runInInjectionContext(() => injectWebSocket(() => sockets.socket()));
    ref.next('early');
    TestBed.tick();
    sockets.last.open();
    expect([sockets.made.length, sockets.last.sent]).toEqual([1, ['"early"']]);
  });

  it('shows the close also while it waits', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket(reconnectOnCode(after(60_000))));
    sockets.last.open();
    sockets.last.closeClean(1012);
    expect(shown(ref)).toEqual(['waiting', undefined, 1012, undefined]);
  });

  it('ends with its injector: closes, completes the messages, and sends no more', async () => {
    const sockets = fakes();
    const { ref, destroy } = makeRef(() => sockets.socket<string>());
    const complete = vi.fn();
    ref.messages.subscribe({ complete });
    sockets.last.open();
    destroy();
    expect([sockets.last.closes, complete.mock.calls.length, ref.status().state]).toEqual([[[1000]], 1, 'idle']);
    const late = vi.fn();
    ref.messages.subscribe({ complete: late });
    expect(late).toHaveBeenCalledOnce();
    ref.next('late');
    ref.reconnect();
    await expect(ref.send('late')).rejects.toBeInstanceOf(UnsentError);
    expect([sockets.made.length, sockets.last.sent]).toEqual([1, []]);
  });

  it('messages and folds outlive the ends of sessions', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket<number>());
    const heard: number[] = [];
    const end = vi.fn();
    ref.messages.subscribe({ next: (message) => heard.push(message), error: end, complete: end });
    const sum: Signal<number> = ref.fold((total, message) => total + message, 0);
    sockets.last.open();
    sockets.last.message(1);
    sockets.last.drop();
    ref.reconnect();
    sockets.last.open();
    sockets.last.message(2);
    ref.close();
    sockets.last.closeClean(1000);
    ref.reconnect();
    sockets.last.open();
    sockets.last.message(3);
    expect([sockets.made.length, heard, sum(), end.mock.calls.length]).toEqual([3, [1, 2, 3], 6, 0]);
  });

  it('hands what a fold throws to RxJS, and goes on with the state before', async () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket<number>());
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    const sum = ref.fold((total, message) => {
      if (message < 0) throw new RangeError('negative');
      return total + message;
    }, 0);
    sockets.last.open();
    for (const message of [1, -1, 2]) sockets.last.message(message);
    expect(sum()).toBe(3);
    expect(await thrown).toBeInstanceOf(RangeError);
  });

  it('can be called with an injector, and nowhere else outside an injection context', () => {
    const sockets = fakes();
    const ref = injectWebSocket(() => sockets.socket(), { injector: TestBed.inject(Injector) });
    TestBed.tick();
    expect(ref.status().state).toBe('connecting');
    expect(() => injectWebSocket(() => sockets.socket())).toThrow(/injectWebSocket\(\) can only be used within an injection context/);
  });
});

describe('signals that the factory reads', () => {
  it('choose the socket: the one before is left, and nothing of it is shown any more', () => {
    const sockets = fakes();
    const room = signal<string | undefined>('a');
    const { ref } = makeRef(() => (room() === undefined ? undefined : sockets.socket<string>()));
    const first = sockets.last;
    first.open();
    first.message('of a');
    first.drop();
    room.set('b');
    TestBed.tick();
    expect([sockets.made.length, shown(ref)]).toEqual([2, ['connecting', undefined, undefined, undefined]]);
    const second = sockets.last;
    second.open();
    second.message('of b');
    room.set(undefined);
    TestBed.tick();
    expect([second.closes, shown(ref)]).toEqual([[[1000]], ['idle', undefined, undefined, undefined]]);
    second.message('late');
    expect(ref.value()).toBe(undefined);
  });

  it('send what comes before the change is shown on the next socket', () => {
    const sockets = fakes();
    const room = signal('a');
    const { ref } = makeRef(() => (room(), sockets.socket()));
    const first = sockets.last;
    first.open();
    room.set('b');
    ref.next('to b');
    TestBed.tick();
    sockets.last.open();
    expect([sockets.made.length, first.sent, sockets.last.sent]).toEqual([2, [], ['"to b"']]);
  });

  it('may be inputs of the component', () => {
    const sockets = fakes();
    class Room {
      readonly name = input.required<string>();
      readonly socket = injectWebSocket(() => (this.name(), sockets.socket<string>()));
    }
    // What the compiler makes of `input.required`, for a class without decorators.
    Input({ isSignal: true, alias: 'name', required: true } as Input)(Room.prototype, 'name');
    Component({ selector: 'room-of-one', template: '{{ name() }}: {{ socket.status().state }} {{ socket.value() }}' })(Room);
    const fixture = TestBed.createComponent(Room);
    fixture.componentRef.setInput('name', 'a');
    fixture.detectChanges();
    const text = (): string => (fixture.nativeElement as { textContent: string }).textContent;
    expect(text()).toBe('a: connecting ');
    sockets.last.open();
    sockets.last.message('hello');
    fixture.detectChanges();
    expect(text()).toBe('a: open hello');
    fixture.destroy();
    expect(sockets.last.closes).toEqual([[1000]]);
  });

  it('are not the ones that a URL function reads', () => {
    const { made, WebSocketCtor } = fakes();
    const token = signal('old');
    makeRef(() => webSocket({ url: () => `ws://quotes.example.com/?token=${token()}`, WebSocketCtor }));
    token.set('new');
    TestBed.tick();
    expect(made.map(({ url }) => url)).toEqual(['ws://quotes.example.com/?token=old']);
  });
});

describe('without a socket', () => {
  it('does nothing, and says so of send()', async () => {
    const { ref } = makeRef<string>(() => undefined);
    ref.next('a');
    ref.reconnect();
    ref.close(4000);
    expect(shown(ref)).toEqual(['idle', undefined, undefined, undefined]);
    await expect(ref.send('a')).rejects.toMatchObject({ name: 'UnsentError', unsent: ['a'], closeEvent: null });
  });
});

describe('reconnect()', () => {
  it('replaces an open connection', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket());
    sockets.last.open();
    ref.reconnect();
    expect(sockets.last.closes).toEqual([[1000]]);
    sockets.last.closeClean(1000);
    expect([sockets.made.length, ref.status().state, ref.closeEvent()?.code]).toEqual([2, 'connecting', 1000]);
  });

  it('cuts a wait short', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket(reconnectOnCode(after(60_000))));
    sockets.last.drop();
    expect(ref.status().state).toBe('waiting');
    ref.reconnect();
    expect([sockets.made.length, ref.status().state]).toEqual([2, 'connecting']);
  });

  it('begins a new session after an end, and the error is gone', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket(reconnectOnCode({ 4401: stop })));
    sockets.last.open();
    sockets.last.closeClean(4401, 'expired');
    expect(shown(ref)).toEqual(['closed', undefined, 4401, undefined]);
    ref.reconnect();
    sockets.last.open();
    ref.error satisfies Signal<unknown>;
    expect([sockets.made.length, shown(ref)]).toEqual([2, ['open', undefined, 4401, undefined]]);
  });

  it('begins a new session while the one before is closing, whose error it does not show', () => {
    const sockets = fakes();
    const { ref } = makeRef(() => sockets.socket());
    const first = sockets.last;
    first.open();
    ref.close();
    expect(ref.status().state).toBe('closing');
    ref.reconnect();
    sockets.last.open();
    expect([sockets.made.length, ref.status().state]).toEqual([2, 'open']);
    first.drop();
    expect(shown(ref)).toEqual(['open', undefined, undefined, undefined]);
  });

  it('resubscribes where another subject of the core has gone on', () => {
    const sockets = fakes();
    const base = sockets.socket<string>();
    const other = base.pipeEvents(reconnectOnCode(after(60_000)));
    const { ref } = makeRef(() => base);
    other.subscribe();
    sockets.last.open();
    sockets.last.closeClean(1012);
    expect(ref.status().state).toBe('waiting');
    ref.reconnect();
    sockets.last.open();
    sockets.last.message('again');
    expect([sockets.made.length, ref.value()]).toEqual([2, 'again']);
  });

  it('shows what a constructor refuses as the error', () => {
    const refusal = new SyntaxError('bad url');
    const { ref } = makeRef(() => refusing(refusal));
    expect(shown(ref)).toEqual(['closed', undefined, undefined, refusal]);
    ref.reconnect();
    expect(shown(ref)).toEqual(['closed', undefined, undefined, refusal]);
  });
});
