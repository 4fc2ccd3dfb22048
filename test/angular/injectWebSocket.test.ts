import { Component, Injector, Input, input, provideZonelessChangeDetection, signal, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { injectWebSocket } from '../../src/angular/index.js';
import { after, onOpen, reconnectOnCode, stop, topics, UnsentError, webSocket, WebSocketCloseError, type WebSocketCtor, type WebSocketSubject } from '../../src/index.js';
import { makeRef, openRoom, setUp, shown, useAngular } from './setUp.js';

useAngular(provideZonelessChangeDetection());

/** Returns a socket whose constructor refuses. */
function refusing(refusal: Error): WebSocketSubject<unknown> {
  const WebSocketCtor = function () {
    throw refusal;
  } as unknown as WebSocketCtor;
  return webSocket({ url: 'ws://quotes.example.com', WebSocketCtor });
}

describe('injectWebSocket', () => {
  it('shows status, messages and the end as signals, none of which throws after an error', () => {
    const { last, socket } = setUp();
    const { ref } = makeRef(() => socket<string>());
    expect(shown(ref)).toEqual(['connecting', undefined, undefined, undefined]);
    last().accept();
    last().send('a');
    expect(shown(ref)).toEqual(['open', 'a', undefined, undefined]);
    last().drop();
    expect(shown(ref)).toEqual(['closed', 'a', 1006, expect.any(WebSocketCloseError)]);
  });

  it('connects with the first change detection, and not when it is called', () => {
    const { server, socket } = setUp();
    const ref = TestBed.runInInjectionContext(() => injectWebSocket(() => socket()));
    expect([ref.status().state, server.connections.length]).toEqual(['idle', 0]);
    TestBed.tick();
    expect([ref.status().state, server.connections.length]).toEqual(['connecting', 1]);
  });

  it('sends at once what was given to next() before it connected', () => {
    const { last, server, socket } = setUp();
    const ref = TestBed.runInInjectionContext(() => injectWebSocket(() => socket()));
    ref.next('early');
    TestBed.tick();
    last().accept();
    expect([server.connections.length, last().received]).toEqual([1, ['early']]);
  });

  it('shows the close also while it waits', () => {
    const { last, socket } = setUp();
    const { ref } = makeRef(() => socket(reconnectOnCode(after(60_000))));
    last().accept();
    last().close(1012);
    expect(shown(ref)).toEqual(['waiting', undefined, 1012, undefined]);
  });

  it('ends with its injector: closes, completes the messages, and sends no more', async () => {
    const { last, server, socket } = setUp();
    const { ref, destroy } = makeRef(() => socket<string>());
    const complete = vi.fn();
    ref.messages.subscribe({ complete });
    last().accept();
    destroy();
    expect([last().closedWith, complete.mock.calls.length, ref.status().state]).toEqual([{ code: 1000, reason: '' }, 1, 'idle']);
    const late = vi.fn();
    ref.messages.subscribe({ complete: late });
    expect(late).toHaveBeenCalledOnce();
    ref.next('late');
    ref.reconnect();
    await expect(ref.send('late')).rejects.toBeInstanceOf(UnsentError);
    expect([server.connections.length, last().received]).toEqual([1, []]);
  });

  it('messages and folds outlive the ends of sessions', () => {
    const { last, server, socket } = setUp();
    const { ref } = makeRef(() => socket<number>());
    const heard: number[] = [];
    const end = vi.fn();
    ref.messages.subscribe({ next: (message) => heard.push(message), error: end, complete: end });
    const sum: Signal<number> = ref.fold((total, message) => total + message, 0);
    last().accept();
    last().send(1);
    last().drop();
    ref.reconnect();
    last().accept();
    last().send(2);
    ref.close();
    last().close(1000);
    ref.reconnect();
    last().accept();
    last().send(3);
    expect([server.connections.length, heard, sum(), end.mock.calls.length]).toEqual([3, [1, 2, 3], 6, 0]);
  });

  it('hands what a fold throws to RxJS, and goes on with the state before', async () => {
    const { last, socket } = setUp();
    const { ref } = makeRef(() => socket<number>());
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    const sum = ref.fold((total, message) => {
      if (message < 0) throw new RangeError('negative');
      return total + message;
    }, 0);
    last().accept();
    for (const message of [1, -1, 2]) last().send(message);
    expect(sum()).toBe(3);
    expect(await thrown).toBeInstanceOf(RangeError);
  });

  it('can be called with an injector, and nowhere else outside an injection context', () => {
    const { socket } = setUp();
    const ref = injectWebSocket(() => socket(), { injector: TestBed.inject(Injector) });
    TestBed.tick();
    expect(ref.status().state).toBe('connecting');
    expect(() => injectWebSocket(() => socket())).toThrow(/injectWebSocket\(\) can only be used within an injection context/);
  });
});

describe('signals that the factory reads', () => {
  it('choose the socket: the one before is left, and nothing of it is shown any more', () => {
    const { last, server, socket } = setUp();
    const room = signal<string | undefined>('a');
    const { ref } = makeRef(() => (room() === undefined ? undefined : socket<string>()));
    const first = last();
    first.accept();
    first.send('of a');
    first.drop();
    room.set('b');
    TestBed.tick();
    expect([server.connections.length, shown(ref)]).toEqual([2, ['connecting', undefined, undefined, undefined]]);
    const second = last();
    second.accept();
    second.send('of b');
    room.set(undefined);
    TestBed.tick();
    expect([second.closedWith, shown(ref)]).toEqual([{ code: 1000, reason: '' }, ['idle', undefined, undefined, undefined]]);
    second.send('late');
    expect(ref.value()).toBe(undefined);
  });

  it('send what comes before the change is shown on the next socket', () => {
    const { first, last, ref, room, server } = openRoom();
    room.set('b');
    ref.next('to b');
    TestBed.tick();
    last().accept();
    expect([server.connections.length, first.received, last().received]).toEqual([2, [], ['to b']]);
  });

  it('may be inputs of the component', () => {
    const { last, socket } = setUp();
    class Room {
      readonly name = input.required<string>();
      readonly socket = injectWebSocket(() => (this.name(), socket<string>()));
    }
    // What the compiler makes of `input.required`, for a class without decorators.
    Input({ isSignal: true, alias: 'name', required: true } as Input)(Room.prototype, 'name');
    Component({ selector: 'room-of-one', template: '{{ name() }}: {{ socket.status().state }} {{ socket.value() }}' })(Room);
    const fixture = TestBed.createComponent(Room);
    fixture.componentRef.setInput('name', 'a');
    fixture.detectChanges();
    const text = (): string => (fixture.nativeElement as { textContent: string }).textContent;
    expect(text()).toBe('a: connecting ');
    last().accept();
    last().send('hello');
    fixture.detectChanges();
    expect(text()).toBe('a: open hello');
    fixture.destroy();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
  });

  it('are not the ones that a URL function reads', () => {
    const { server } = setUp();
    const token = signal('old');
    makeRef(() => webSocket({ url: () => `ws://quotes.example.com/?token=${token()}`, WebSocketCtor: server.WebSocket }));
    token.set('new');
    TestBed.tick();
    expect(server.connections.map(({ url }) => url)).toEqual(['ws://quotes.example.com/?token=old']);
  });
});

describe('operators and functions that need the subject, inside the function', () => {
  it('onOpen sends on each open what signals say then, without choosing another socket', () => {
    const { last, server, socket } = setUp();
    const symbols = signal(['EURUSD']);
    const { ref } = makeRef(() =>
      socket<string>(
        onOpen((open) => open.send({ op: 'watch', symbols: symbols() })),
        reconnectOnCode(),
      ),
    );
    const first = last();
    first.accept();
    symbols.set(['EURUSD', 'GBPUSD']);
    TestBed.tick();
    first.close(1012);
    ref.reconnect();
    last().accept();
    expect([server.connections.length, first.received, last().received]).toEqual([
      2,
      [{ op: 'watch', symbols: ['EURUSD'] }],
      [{ op: 'watch', symbols: ['EURUSD', 'GBPUSD'] }],
    ]);
  });

  it('topics share the connection', () => {
    const { last, server, socket } = setUp();
    let topic: ((key: string) => Observable<string>) | undefined;
    const { ref } = makeRef(() => {
      const made = socket<string>(reconnectOnCode());
      topic = topics(made, { keyOf: (message) => message, subscribe: (key) => `+${key}`, unsubscribe: (key) => `-${key}` });
      return made;
    });
    last().accept();
    const heard: string[] = [];
    const subscription = topic?.('a').subscribe((message) => heard.push(message));
    last().send('a');
    last().send('b');
    subscription?.unsubscribe();
    expect([server.connections.length, last().received, heard, ref.value()]).toEqual([1, ['+a', '-a'], ['a'], 'b']);
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
    const { last, server, socket } = setUp();
    const { ref } = makeRef(() => socket());
    last().accept();
    ref.reconnect();
    expect(last().closedWith).toEqual({ code: 1000, reason: '' });
    last().close(1000);
    expect([server.connections.length, ref.status().state, ref.closeEvent()?.code]).toEqual([2, 'connecting', 1000]);
  });

  it('cuts a wait short', () => {
    const { last, server, socket } = setUp();
    const { ref } = makeRef(() => socket(reconnectOnCode(after(60_000))));
    last().drop();
    expect(ref.status().state).toBe('waiting');
    ref.reconnect();
    expect([server.connections.length, ref.status().state]).toEqual([2, 'connecting']);
  });

  it('begins a new session after an end, and the error is gone', () => {
    const { last, server, socket } = setUp();
    const { ref } = makeRef(() => socket(reconnectOnCode({ 4401: stop })));
    last().accept();
    last().close(4401, 'expired');
    expect(shown(ref)).toEqual(['closed', undefined, 4401, undefined]);
    ref.reconnect();
    last().accept();
    ref.error satisfies Signal<unknown>;
    expect([server.connections.length, shown(ref)]).toEqual([2, ['open', undefined, 4401, undefined]]);
  });

  it('begins a new session while the one before is closing, whose error it does not show', () => {
    const { last, server, socket } = setUp();
    const { ref } = makeRef(() => socket());
    const first = last();
    first.accept();
    ref.close();
    expect(ref.status().state).toBe('closing');
    ref.reconnect();
    last().accept();
    expect([server.connections.length, ref.status().state]).toEqual([2, 'open']);
    first.drop();
    expect(shown(ref)).toEqual(['open', undefined, undefined, undefined]);
  });

  it('resubscribes where another subject of the core has gone on', () => {
    const { last, server, socket } = setUp();
    const base = socket<string>();
    const other = base.pipeEvents(reconnectOnCode(after(60_000)));
    const { ref } = makeRef(() => base);
    other.subscribe();
    last().accept();
    last().close(1012);
    expect(ref.status().state).toBe('waiting');
    ref.reconnect();
    last().accept();
    last().send('again');
    expect([server.connections.length, ref.value()]).toEqual([2, 'again']);
  });

  it('shows what a constructor refuses as the error', () => {
    const refusal = new SyntaxError('bad url');
    const { ref } = makeRef(() => refusing(refusal));
    expect(shown(ref)).toEqual(['closed', undefined, undefined, refusal]);
    ref.reconnect();
    expect(shown(ref)).toEqual(['closed', undefined, undefined, refusal]);
  });
});
