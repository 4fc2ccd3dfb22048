import { describe, expect, it, vi } from 'vitest';
import { DeserializeError, WebSocketCloseError, webSocket, type CloseEvent, type WebSocketCtor } from '../../src/index.js';
import { record } from './record.js';
import { ScriptedSocket } from './ScriptedSocket.js';
import { withScriptedSockets } from './withScriptedSockets.js';

const url = 'ws://127.0.0.1/quotes';

// The transport is chosen as in a browser: the platform's own.
vi.mock('#transport', () => import('../../src/transport/platform.js'));
withScriptedSockets();

describe('a program for rxjs/webSocket that is given a config', () => {
  it('connects to its url, sends and receives', () => {
    const subject = webSocket<string>({ url });
    subject.next('marco');
    const { log } = record(subject);
    expect(ScriptedSocket.last.url).toBe(url);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"marco"']);
    ScriptedSocket.last.receives('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it.each([['v1.quotes'], [['v1.quotes', 'v2.quotes']]])('hands its protocol to the socket: %j', (protocol) => {
    webSocket({ url, protocol }).subscribe();
    expect(ScriptedSocket.last.protocols).toEqual(protocol);
  });

  it.each(['blob', 'arraybuffer'] as const)('sets its binaryType on the socket: %s', (binaryType) => {
    webSocket({ url, binaryType }).subscribe();
    expect(ScriptedSocket.last.binaryType).toBe(binaryType);
  });

  it('serialises by its serializer', () => {
    const subject = webSocket<string>({ url, serializer: (value) => `<${value}>` });
    subject.subscribe();
    ScriptedSocket.last.opens();
    subject.next('ping');
    expect(ScriptedSocket.last.sent).toEqual(['<ping>']);
  });

  it('deserialises by its deserializer, which is given the message event', () => {
    const { log } = record(webSocket<string>({ url, deserializer: ({ data }) => `${data}!` }));
    ScriptedSocket.last.opens();
    for (const frame of ['one', 'two']) ScriptedSocket.last.receivesFrame(frame);
    expect(log).toEqual(['next "one!"', 'next "two!"']);
  });

  it('errors when its deserializer throws, once the connection has closed', () => {
    const bug = new Error('not my format');
    const errors: unknown[] = [];
    webSocket({
      url,
      deserializer: () => {
        throw bug;
      },
    }).subscribe({ next: () => expect.fail('a message came'), error: (error: unknown) => errors.push(error) });
    ScriptedSocket.last.opens();
    ScriptedSocket.last.receivesFrame('?');
    expect(ScriptedSocket.last.closeCalls).toEqual([[1000]]);
    ScriptedSocket.last.ends({ code: 1000, wasClean: true });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(DeserializeError);
    expect(errors[0]).toMatchObject({ cause: bug, data: '?' });
  });
});

describe('the observers of a config', () => {
  it('openObserver is given the event of the socket', () => {
    const next = vi.fn();
    webSocket({ url, openObserver: { next } }).subscribe();
    expect(next).not.toHaveBeenCalled();
    ScriptedSocket.last.opens();
    expect(next.mock.calls).toEqual([[{ type: 'open' }]]);
  });

  it('closingObserver is told, with undefined, of each end by the program', () => {
    const next = vi.fn();
    const subject = webSocket({ url, closingObserver: { next } });
    subject.subscribe();
    ScriptedSocket.last.opens();
    expect(next).not.toHaveBeenCalled();
    subject.complete();
    expect(next.mock.calls).toEqual([[undefined]]);

    subject.subscribe();
    ScriptedSocket.last.opens();
    subject.error({ code: 4337 });
    expect(next.mock.calls).toEqual([[undefined], [undefined]]);
  });

  it('closeObserver is given a CloseEvent at each end, which an unclean end also has in its error', () => {
    const closes: CloseEvent[] = [];
    const subject = webSocket({ url, closeObserver: { next: (event) => closes.push(event) } });
    const errors: WebSocketCloseError[] = [];
    const observer = { complete: vi.fn(), error: (error: WebSocketCloseError) => errors.push(error) };

    subject.subscribe(observer);
    ScriptedSocket.last.opens();
    expect(closes).toEqual([]);
    ScriptedSocket.last.ends({ wasClean: true });
    expect(closes).toHaveLength(1);
    expect(closes[0]).toMatchObject({ wasClean: true });
    expect(observer.complete).toHaveBeenCalledOnce();

    subject.subscribe(observer);
    ScriptedSocket.last.opens();
    ScriptedSocket.last.ends({ wasClean: false });
    expect(closes).toHaveLength(2);
    expect(closes[1]).toMatchObject({ wasClean: false, code: 1006 });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(WebSocketCloseError);
    expect(errors[0]?.event).toBe(closes[1]);
  });
});

describe('WebSocketCtor', () => {
  it("is used in place of the platform's WebSocket", () => {
    class Other extends ScriptedSocket {}
    const subject = webSocket<string>({ url, WebSocketCtor: Other });
    subject.next('marco');
    const { log } = record(subject);
    expect(ScriptedSocket.last).toBeInstanceOf(Other);
    expect(ScriptedSocket.last.url).toBe(url);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"marco"']);
    ScriptedSocket.last.receives('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it('that throws is the error of the subscriber, itself', () => {
    const refusal = new Error('this URL will not do');
    class Refusing extends ScriptedSocket {
      constructor() {
        super('');
        throw refusal;
      }
    }
    const errors: unknown[] = [];
    const subject = webSocket({ url: 'no URL', WebSocketCtor: Refusing });
    subject.subscribe({ next: () => expect.fail('a message came'), error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([refusal]);
    expect(errors[0]).toBe(refusal);
  });

  it('that is no class at all, but an arrow function, is a TypeError for the subscriber', () => {
    const arrow = ((address: string) => new ScriptedSocket(address)) as unknown as WebSocketCtor;
    const errors: unknown[] = [];
    webSocket({ url, WebSocketCtor: arrow }).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([expect.any(TypeError)]);
    expect(ScriptedSocket.made).toEqual([]);
  });

  it('that is missing where there is no global WebSocket either is an error for the subscriber, not an exception', () => {
    vi.stubGlobal('WebSocket', undefined);
    const { log } = record(webSocket(url));
    expect(log).toEqual([expect.stringMatching(/^error TypeError: .*WebSocketCtor/)]);
  });
});
