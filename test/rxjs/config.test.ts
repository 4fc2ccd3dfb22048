import { describe, expect, it, vi } from 'vitest';
import { DeserializeError, WebSocketCloseError, webSocket, type CloseEvent, type WebSocketCtor } from '../../src/index.js';
import { manualServer } from '../subject/setUp.js';
import { record } from './record.js';
import { withServer } from './withServer.js';

const url = 'ws://127.0.0.1/quotes';

const platform = withServer();

describe('code for rxjs/webSocket with a config', () => {
  it('connects to the url, sends and receives', () => {
    const subject = webSocket<string>({ url });
    subject.next('marco');
    const { log } = record(subject);
    expect(platform.last().url).toBe(url);
    platform.last().accept();
    expect(platform.last().received).toEqual(['marco']);
    platform.last().send('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it.each([['v1.quotes'], [['v1.quotes', 'v2.quotes']]])('passes the protocol to the socket: %j', (protocol) => {
    webSocket({ url, protocol }).subscribe();
    expect(platform.last().protocols).toEqual([protocol].flat());
  });

  it.each(['blob', 'arraybuffer'] as const)('sets the binaryType of the socket: %s', (binaryType) => {
    const received: unknown[] = [];
    webSocket({ url, binaryType, deserializer: ({ data }) => data }).subscribe((data) => received.push(data));
    platform.last().send(Uint8Array.of(1));
    expect(received).toEqual([expect.any(binaryType === 'blob' ? Blob : ArrayBuffer)]);
  });

  it('converts values with the serializer', () => {
    const subject = webSocket<string>({ url, serializer: (value) => `<${value}>` });
    subject.subscribe();
    platform.last().accept();
    subject.next('ping');
    expect(platform.last().received).toEqual(['<ping>']);
  });

  it('passes message events to the deserializer', () => {
    const { log } = record(webSocket<string>({ url, deserializer: ({ data }) => `${data}!` }));
    platform.last().accept();
    for (const frame of ['one', 'two']) platform.last().sendText(frame);
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
    platform.last().accept();
    platform.last().sendText('?');
    expect(platform.last().closedWith).toEqual({ code: 1000, reason: '' });
    platform.last().close(1000);
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
    platform.last().accept();
    expect(next.mock.calls).toMatchObject([[{ type: 'open' }]]);
  });

  it('closingObserver receives undefined each time that your code ends the session', () => {
    const next = vi.fn();
    const subject = webSocket({ url, closingObserver: { next } });
    subject.subscribe();
    platform.last().accept();
    expect(next).not.toHaveBeenCalled();
    subject.complete();
    expect(next.mock.calls).toEqual([[undefined]]);

    subject.subscribe();
    platform.last().accept();
    subject.error({ code: 4337 });
    expect(next.mock.calls).toEqual([[undefined], [undefined]]);
  });

  it('closeObserver receives the CloseEvent of each end, the same object as in the error of an unclean end', () => {
    const closes: CloseEvent[] = [];
    const subject = webSocket({ url, closeObserver: { next: (event) => closes.push(event) } });
    const errors: WebSocketCloseError[] = [];
    const observer = { complete: vi.fn(), error: (error: WebSocketCloseError) => errors.push(error) };

    subject.subscribe(observer);
    platform.last().accept();
    expect(closes).toEqual([]);
    platform.last().close(1005);
    expect(closes).toHaveLength(1);
    expect(closes[0]).toMatchObject({ wasClean: true });
    expect(observer.complete).toHaveBeenCalledOnce();

    subject.subscribe(observer);
    platform.last().accept();
    platform.last().drop();
    expect(closes).toHaveLength(2);
    expect(closes[1]).toMatchObject({ wasClean: false, code: 1006 });
    expect(errors).toHaveLength(1);
    expect(errors[0]).toBeInstanceOf(WebSocketCloseError);
    expect(errors[0]?.event).toBe(closes[1]);
  });
});

describe('WebSocketCtor', () => {
  it("is used in place of the platform's WebSocket", () => {
    const other = manualServer();
    const subject = webSocket<string>({ url, WebSocketCtor: other.server.WebSocket });
    subject.next('marco');
    const { log } = record(subject);
    expect(platform.server.connections).toEqual([]);
    expect(other.last().url).toBe(url);
    other.last().accept();
    expect(other.last().received).toEqual(['marco']);
    other.last().send('polo');
    expect(log).toEqual(['next "polo"']);
  });

  it('that throws: its error is the error of the subscriber', () => {
    const refusal = new Error('not a URL');
    class Refusing {
      constructor() {
        throw refusal;
      }
    }
    const errors: unknown[] = [];
    const subject = webSocket({ url: 'no URL', WebSocketCtor: Refusing as never });
    subject.subscribe({ next: () => expect.fail('no message expected'), error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([refusal]);
    expect(errors[0]).toBe(refusal);
  });

  it('that is an arrow function and no class: the subscriber gets a TypeError', () => {
    const arrow = ((address: string) => new platform.server.WebSocket(address)) as unknown as WebSocketCtor;
    const errors: unknown[] = [];
    webSocket({ url, WebSocketCtor: arrow }).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([expect.any(TypeError)]);
    expect(platform.server.connections).toEqual([]);
  });

  it('that is missing where there is no global WebSocket: the subscriber gets an error, nothing is thrown', () => {
    vi.stubGlobal('WebSocket', undefined);
    const { log } = record(webSocket(url));
    expect(log).toEqual([expect.stringMatching(/^error TypeError: .*WebSocketCtor/)]);
  });
});
