import { describe, expect, it, vi } from 'vitest';
import { DeserializeError, WebSocketCloseError, webSocket, type CloseEvent, type WebSocketCtor } from '../../src/index.js';
import { record } from './record.js';
import { ScriptedSocket } from './ScriptedSocket.js';
import { withScriptedSockets } from './withScriptedSockets.js';

const url = 'ws://127.0.0.1/quotes';

withScriptedSockets();

describe('code for rxjs/webSocket with a config', () => {
  it('connects to the url, sends and receives', () => {
    const subject = webSocket<string>({ url });
    subject.next('marco');
    const { log } = record(subject);
    expect(ScriptedSocket.last.url).toBe(url);
    ScriptedSocket.last.opens();
    expect(ScriptedSocket.last.sent).toEqual(['"marco"']);
    ScriptedSocket.last.receives('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it.each([['v1.quotes'], [['v1.quotes', 'v2.quotes']]])('passes the protocol to the socket: %j', (protocol) => {
    webSocket({ url, protocol }).subscribe();
    expect(ScriptedSocket.last.protocols).toEqual(protocol);
  });

  it.each(['blob', 'arraybuffer'] as const)('sets the binaryType of the socket: %s', (binaryType) => {
    webSocket({ url, binaryType }).subscribe();
    expect(ScriptedSocket.last.binaryType).toBe(binaryType);
  });

  it('converts values with the serializer', () => {
    const subject = webSocket<string>({ url, serializer: (value) => `<${value}>` });
    subject.subscribe();
    ScriptedSocket.last.opens();
    subject.next('ping');
    expect(ScriptedSocket.last.sent).toEqual(['<ping>']);
  });

  it('passes message events to the deserializer', () => {
    const { log } = record(webSocket<string>({ url, deserializer: ({ data }) => `${data}!` }));
    ScriptedSocket.last.opens();
    for (const frame of ['one', 'two']) ScriptedSocket.last.receivesFrame(frame);
    expect(log).toEqual(['next "one!"', 'next "two!"']);
  });

  it('errors if the deserializer throws, once the connection has closed', () => {
    const bug = new Error('not my format');
    const errors: unknown[] = [];
    webSocket({
      url,
      deserializer: () => {
        throw bug;
      },
    }).subscribe({ next: () => expect.fail('no message expected'), error: (error: unknown) => errors.push(error) });
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
  it('openObserver receives the event of the socket', () => {
    const next = vi.fn();
    webSocket({ url, openObserver: { next } }).subscribe();
    expect(next).not.toHaveBeenCalled();
    ScriptedSocket.last.opens();
    expect(next.mock.calls).toEqual([[{ type: 'open' }]]);
  });

  it('closingObserver receives undefined each time that your code ends the session', () => {
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

  it('closeObserver receives the CloseEvent of each end, the same object as in the error of an unclean end', () => {
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

  it('that throws: its error is the error of the subscriber', () => {
    const refusal = new Error('not a URL');
    class Refusing extends ScriptedSocket {
      constructor() {
        super('');
        throw refusal;
      }
    }
    const errors: unknown[] = [];
    const subject = webSocket({ url: 'no URL', WebSocketCtor: Refusing });
    subject.subscribe({ next: () => expect.fail('no message expected'), error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([refusal]);
    expect(errors[0]).toBe(refusal);
  });

  it('that is an arrow function and no class: the subscriber gets a TypeError', () => {
    const arrow = ((address: string) => new ScriptedSocket(address)) as unknown as WebSocketCtor;
    const errors: unknown[] = [];
    webSocket({ url, WebSocketCtor: arrow }).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([expect.any(TypeError)]);
    expect(ScriptedSocket.made).toEqual([]);
  });

  it('that is missing where there is no global WebSocket: the subscriber gets an error, nothing is thrown', () => {
    vi.stubGlobal('WebSocket', undefined);
    const { log } = record(webSocket(url));
    expect(log).toEqual([expect.stringMatching(/^error TypeError: .*WebSocketCtor/)]);
  });
});
