import { createEnvironmentInjector, effect, EnvironmentInjector, provideZonelessChangeDetection, runInInjectionContext, signal, type Signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it, vi } from 'vitest';
import { UnsentError, webSocket, type SocketWarning, type WebSocketSubject } from '../../src/index.js';
import { makeEarlyRef, makeRef, openRoom, setUp, shown, useAngular } from './setUp.js';

useAngular(provideZonelessChangeDetection());

describe('a fold', () => {
  it('begins anew with another socket, and goes on over ends and reconnects', () => {
    const { last, socket } = setUp();
    const room = signal<string | undefined>('a');
    const { ref } = makeRef(() => (room() === undefined ? undefined : socket<string>()));
    const list: Signal<readonly string[]> = ref.fold<readonly string[]>((all, message) => [...all, message], []);
    const count = ref.fold((sum) => sum + 1, 0);
    last().send('secret of a');
    last().drop();
    ref.reconnect();
    last().send('more of a');
    expect([list(), count()]).toEqual([['secret of a', 'more of a'], 2]);
    room.set('b');
    TestBed.tick();
    expect([list(), count()]).toEqual([[], 0]);
    last().send('of b');
    expect([list(), count()]).toEqual([['of b'], 1]);
    room.set(undefined);
    TestBed.tick();
    expect([list(), count()]).toEqual([[], 0]);
  });

  it('ends with the injection context in which it is made', () => {
    const { last, socket } = setUp();
    const { ref } = makeRef(() => socket<number>());
    const component = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
    const reduce = vi.fn((sum: number, message: number) => sum + message);
    const folded = runInInjectionContext(component, () => ref.fold(reduce, 0));
    last().send(1);
    component.destroy();
    last().send(2);
    expect([folded(), reduce.mock.calls.length]).toEqual([1, 1]);
  });
});

describe('callbacks that run while the socket is subscribed', () => {
  it('may destroy the injector: no connection is left', () => {
    const { server } = setUp();
    let socket!: WebSocketSubject<string>;
    const { ref, destroy } = makeEarlyRef<string>(() => {
      const url = (): string => {
        destroy();
        return 'ws://quotes.example.com';
      };
      return (socket = webSocket<string>({ url, WebSocketCtor: server.WebSocket }));
    });
    TestBed.tick();
    expect([socket.observed, server.connections.filter(({ state }) => state !== 'closed'), ref.status().state]).toEqual([false, [], 'idle']);
  });

  it('may destroy the injector in the function itself: nothing connects', () => {
    const { server, socket } = setUp();
    const { destroy } = makeEarlyRef(() => {
      destroy();
      return socket();
    });
    TestBed.tick();
    expect(server.connections).toEqual([]);
  });

  it('may choose another socket and reconnect: only that one is followed', () => {
    const { server } = setUp();
    const room = signal('a');
    const sockets: WebSocketSubject<string>[] = [];
    const { ref } = makeEarlyRef<string>(() => {
      const name = room();
      const url = (): string => {
        if (name === 'a') {
          room.set('b');
          ref.reconnect();
        }
        return `ws://quotes.example.com/${name}`;
      };
      const socket = webSocket<string>({ url, WebSocketCtor: server.WebSocket });
      sockets.push(socket);
      return socket;
    });
    TestBed.tick();
    const [live, ...others] = server.connections.filter(({ state }) => state !== 'closed');
    live?.send('of b');
    expect([sockets.map(({ observed }) => observed), others, ref.value()]).toEqual([[false, true], [], 'of b']);
  });

  it('may reconnect: each message comes once', () => {
    const { last, server } = setUp();
    let isFirst = true;
    const { ref } = makeEarlyRef<string>(() => {
      const url = (): string => {
        if (isFirst) {
          isFirst = false;
          ref.reconnect();
        }
        return 'ws://quotes.example.com';
      };
      return webSocket<string>({ url, WebSocketCtor: server.WebSocket });
    });
    const count = ref.fold((sum) => sum + 1, 0);
    TestBed.tick();
    last().send('once');
    expect(count()).toBe(1);
  });
});

it('in an effect, next(), send(), close() and reconnect() do not track what callbacks of the subject read', () => {
  const { server } = setUp();
  const read = signal(0);
  const { ref } = makeRef<string>(() =>
    webSocket<string, unknown>({
      url: () => `ws://quotes.example.com/${read()}`,
      serializer: (value) => `${String(value)}${read()}`,
      closingObserver: { next: () => void read() },
      WebSocketCtor: server.WebSocket,
    }),
  );
  let runs = 0;
  const calls: (() => unknown)[] = [() => ref.next('a'), () => ref.send('b').catch(() => undefined), () => ref.close(), () => ref.reconnect()];
  for (const call of calls) {
    runs = 0;
    const calling = effect(() => void (runs++, call()), { injector: TestBed.inject(EnvironmentInjector) });
    TestBed.tick();
    read.update((count) => count + 1);
    TestBed.tick();
    calling.destroy();
    expect([String(call), runs]).toEqual([String(call), 1]);
  }
});

describe('a value that waits when its socket is left', () => {
  it('is rejected where the socket was never followed', async () => {
    const { socket } = setUp();
    const { ref, destroy } = makeEarlyRef(() => socket());
    const sent = ref.send('early');
    destroy();
    await expect(sent).rejects.toBeInstanceOf(UnsentError);
  });

  it('is rejected after the end of the session, and while that ends', async () => {
    for (const isOver of [true, false]) {
      const { last, socket } = setUp();
      const { ref, destroy } = makeRef(() => socket());
      last().accept();
      if (isOver) last().close(1000);
      else ref.close();
      const sent = ref.send('late');
      expect(ref.status()).toMatchObject({ state: isOver ? 'closed' : 'closing', queued: 1 });
      destroy();
      await expect(sent).rejects.toBeInstanceOf(UnsentError);
    }
  });

  it('is rejected where the next socket was chosen in the same task', async () => {
    const { last, server, socket } = setUp();
    const room = signal('a');
    const { ref } = makeRef(() => (room(), socket()));
    room.set('b');
    const toB = ref.send('b');
    room.set('c');
    const toC = ref.send('c');
    TestBed.tick();
    await expect(toB).rejects.toBeInstanceOf(UnsentError);
    last().accept();
    await toC;
    expect([server.connections.length, last().received]).toEqual([2, ['c']]);
  });

  it('is reported where it was given to next()', () => {
    const { socket } = setUp();
    const warnings: SocketWarning[] = [];
    const { ref, destroy } = makeEarlyRef(() => {
      const made = socket();
      made.warnings.subscribe((warning) => warnings.push(warning));
      return made;
    });
    ref.next('early');
    destroy();
    expect(warnings).toEqual([{ kind: 'dropped', values: ['early'], count: 1, why: 'injectWebSocket left the socket' }]);
  });

  it('stays where other code has a session of the subject', async () => {
    const { last, socket } = setUp();
    const shared = socket<string>();
    shared.subscribe();
    const { ref, destroy } = makeRef(() => shared);
    const sent = ref.send('still');
    destroy();
    last().accept();
    await sent;
    expect(last().received).toEqual(['still']);
  });
});

describe('a function that throws', () => {
  it('leaves the socket before and is shown as the error; the next socket recovers', async () => {
    const { last, server, socket } = setUp();
    const room = signal('a');
    const failure = new TypeError('no such room');
    const { ref } = makeRef(() => {
      if (room() === 'b') throw failure;
      return socket<string>();
    });
    last().send('of a');
    room.set('b');
    await expect(ref.send('to b')).rejects.toMatchObject({ name: 'UnsentError', unsent: ['to b'], cause: failure });
    TestBed.tick();
    expect([shown(ref), last().closedWith?.code]).toEqual([['idle', undefined, undefined, failure], 1000]);
    ref.next('to b');
    ref.reconnect();
    ref.close();
    expect(shown(ref)).toEqual(['idle', undefined, undefined, failure]);
    room.set('c');
    TestBed.tick();
    last().send('of c');
    expect([server.connections.length, shown(ref)]).toEqual([2, ['open', 'of c', undefined, undefined]]);
  });

  it('shows each error, also after no socket', () => {
    const failure = signal<Error | undefined>(undefined);
    const { ref } = makeRef<string>(() => {
      if (failure()) throw failure();
      return undefined;
    });
    for (const error of [new Error('first'), new Error('second'), undefined]) {
      failure.set(error);
      TestBed.tick();
      expect(ref.error()).toBe(error);
    }
  });
});

describe('before the change detection that follows the current socket', () => {
  it('close() keeps it from connecting, until reconnect()', () => {
    const { last, server, socket } = setUp();
    const { ref } = makeEarlyRef(() => socket());
    ref.close();
    TestBed.tick();
    expect([server.connections.length, ref.status().state]).toEqual([0, 'idle']);
    ref.reconnect();
    last().accept();
    expect([server.connections.length, ref.status().state]).toEqual([1, 'open']);
  });

  it('close() keeps it from connecting, until another socket', () => {
    const { first, ref, room, server } = openRoom();
    room.set('b');
    ref.close(4000);
    expect([first.closedWith?.code, ref.status().state]).toEqual([1000, 'idle']);
    TestBed.tick();
    expect(server.connections.length).toBe(1);
    room.set('c');
    TestBed.tick();
    expect(server.connections.length).toBe(2);
  });

  it('reconnect() connects it, and leaves the one before', () => {
    const { first, ref, room, server } = openRoom();
    room.set('b');
    ref.reconnect();
    expect([first.closedWith?.code, server.connections.length, ref.status().state]).toEqual([1000, 2, 'connecting']);
    TestBed.tick();
    expect(server.connections.length).toBe(2);
  });
});

it('a subject that the function returns again goes on', () => {
  const { last, server, socket } = setUp();
  const room = signal('a');
  const shared = socket<string>();
  const { ref } = makeRef(() => (room(), shared));
  last().send('kept');
  room.set('b');
  TestBed.tick();
  expect([server.connections.length, shown(ref)]).toEqual([1, ['open', 'kept', undefined, undefined]]);
});

it('a callback that destroys the injector while the socket before is left wins', () => {
  const { last, server } = setUp();
  const room = signal('a');
  const { ref, destroy } = makeRef<string>(() => {
    room();
    return webSocket<string, unknown>({ url: 'ws://quotes.example.com', closingObserver: { next: () => destroy() }, WebSocketCtor: server.WebSocket });
  });
  last().accept();
  room.set('b');
  TestBed.tick();
  expect([server.connections.length, ref.status().state]).toEqual([1, 'idle']);
});
