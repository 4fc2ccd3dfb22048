import { afterEach, describe, expect, it, vi } from 'vitest';
import { reconnectOnCode, webSocket, WebSocketSubject, type SocketWarning } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';

afterEach(() => vi.unstubAllGlobals());

/** The global `Symbol` with another `asyncDispose`, or without one: what a platform has not, a polyfill may give. */
const platformWith = (asyncDispose: symbol | undefined): unknown => Object.create(Symbol, { asyncDispose: { value: asyncDispose } });

function made(): { sockets: ReturnType<typeof fakeSockets>; socket: WebSocketSubject<number>; warnings: SocketWarning[] } {
  const sockets = fakeSockets();
  const socket = webSocket<number>({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
  const warnings: SocketWarning[] = [];
  socket.warnings.subscribe((warning) => warnings.push(warning));
  return { sockets, socket, warnings };
}

describe('await using', () => {
  it('ends the session at the end of its block, and waits for it', async () => {
    const { sockets, socket } = made();
    const log: unknown[] = [];
    const block = async (): Promise<void> => {
      await using owned = socket.pipeEvents(reconnectOnCode());
      owned.subscribe({ next: (value) => log.push(value), complete: () => log.push('complete') });
      sockets.last.open();
      owned.next(1);
      log.push('end of the block');
    };
    const left = block().then(() => log.push('left'));
    await vi.waitFor(() => expect(sockets.last.closes).toEqual([[1000]]));
    expect(sockets.last.sent).toEqual(['1']);
    sockets.last.message(2);
    expect(log).toEqual(['end of the block']);
    sockets.last.closeClean(1000);
    await left;
    expect(log).toEqual(['end of the block', 'complete', 'left']);
  });

  it('leaves the error of its block what it is when the end is unclean', async () => {
    const { sockets, socket } = made();
    const block = async (): Promise<void> => {
      await using owned = socket;
      owned.subscribe({ error: () => undefined });
      sockets.last.open();
      sockets.last.drop();
      await Promise.resolve();
      throw new Error('of the block');
    };
    await expect(block()).rejects.toThrow('of the block');
  });

  it('has nothing to wait for on a subject that nobody is subscribed to; what waits is dropped, with a warning', async () => {
    const { sockets, socket, warnings } = made();
    await socket[Symbol.asyncDispose]();
    expect(warnings).toEqual([]);
    socket.next(1);
    await socket[Symbol.asyncDispose]();
    expect(warnings).toEqual([{ kind: 'dropped', values: [1], why: expect.stringContaining('disposed of') as string }]);
    expect(sockets.made).toHaveLength(0);
    // It may be subscribed again, and begins with an empty outbox.
    socket.subscribe();
    sockets.last.open();
    expect(sockets.last.sent).toEqual([]);
  });

  it('waits for each session that is not over, and keeps what belongs to one that has begun meanwhile', async () => {
    const { sockets, socket, warnings } = made();
    socket.subscribe();
    sockets.last.open();
    socket.close(4001);
    socket.subscribe();
    sockets.last.open();
    const [old, fresh] = sockets.made;
    const isDisposed = vi.fn();
    const disposed = socket[Symbol.asyncDispose]().then(isDisposed);
    expect(fresh?.closes).toEqual([[1000]]);
    fresh?.closeClean(1000);
    await Promise.resolve();
    expect(isDisposed).not.toHaveBeenCalled();
    socket.subscribe();
    socket.next(3);
    old?.closeClean(4001);
    await disposed;
    expect(warnings).toEqual([]);
    sockets.last.open();
    expect(sockets.last.sent).toEqual(['3']);
  });

  it('is a method of the class once there is a subject, and not by the import alone', async () => {
    vi.resetModules();
    const fresh = await import('../../src/index.js');
    expect(Symbol.asyncDispose in fresh.WebSocketSubject.prototype).toBe(false);
    fresh.webSocket('ws://fake');
    expect(Symbol.asyncDispose in fresh.WebSocketSubject.prototype).toBe(true);
  });

  it('finds a symbol that was defined after the import', async () => {
    const late = Symbol('asyncDispose');
    vi.stubGlobal('Symbol', platformWith(late));
    const { sockets, socket } = made();
    socket.subscribe();
    const disposed = (socket as unknown as Record<symbol, () => Promise<void>>)[late]?.();
    await disposed;
    expect(sockets.last.closes).toEqual([[1000]]);
  });

  it('is not there where the platform has no such symbol', () => {
    const before = Reflect.ownKeys(WebSocketSubject.prototype);
    vi.stubGlobal('Symbol', platformWith(undefined));
    made();
    expect(Reflect.ownKeys(WebSocketSubject.prototype)).toEqual(before);
  });

  it('leaves alone what a program has put in its place', () => {
    made();
    const own = vi.spyOn(WebSocketSubject.prototype, Symbol.asyncDispose);
    const { socket } = made();
    expect(socket[Symbol.asyncDispose]).toBe(own);
    own.mockRestore();
  });

  it('may be what a class of the program builds upon', async () => {
    const { sockets } = made();
    class Own extends WebSocketSubject<number> {
      override async [Symbol.asyncDispose](): Promise<void> {
        this.close(4000);
        await super[Symbol.asyncDispose]();
      }
    }
    const own = new Own({ url: 'ws://fake', WebSocketCtor: sockets.WebSocketCtor });
    own.subscribe();
    sockets.last.open();
    const disposed = own[Symbol.asyncDispose]();
    expect(sockets.last.closes).toEqual([[4000]]);
    sockets.last.closeClean(4000);
    await disposed;
  });
});
