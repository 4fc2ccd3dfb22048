import { lastValueFrom, of } from 'rxjs';
import type { NextObserver, Observable, Observer } from 'rxjs';
import type { WebSocketSubjectConfig as RxjsConfig } from 'rxjs/webSocket';
import { describe, expectTypeOf, it } from 'vitest';
import { CloseEvent as OurCloseEvent, WebSocketSubject, webSocket } from '../../src/index.js';
import type { TransportConfig, WebSocketSubjectConfig } from '../../src/index.js';

const url = 'wss://quotes.example.com';

describe('the type arguments', () => {
  it('Out defaults to In', () => {
    expectTypeOf(webSocket<string>(url)).toEqualTypeOf<WebSocketSubject<string, string>>();
    expectTypeOf<WebSocketSubject<string>>().toEqualTypeOf<WebSocketSubject<string, string>>();
    expectTypeOf<WebSocketSubjectConfig<string>>().toEqualTypeOf<WebSocketSubjectConfig<string, string>>();
  });

  it('may differ', () => {
    const socket = webSocket<number, string>(url);
    expectTypeOf(socket).toExtend<Observable<number>>();
    expectTypeOf(socket).toExtend<Observer<string>>();
    of('a').subscribe(socket);
    // @ts-expect-error
    of(1).subscribe(socket);
    expectTypeOf(lastValueFrom(socket)).toEqualTypeOf<Promise<number>>();
  });

  it('are inferred from a config', () => {
    const config: WebSocketSubjectConfig<number, string> = { url };
    expectTypeOf(webSocket(config)).toEqualTypeOf<WebSocketSubject<number, string>>();
    expectTypeOf(webSocket({ url, deserializer: ({ data }) => Number(data), serializer: (value: string) => value })).toEqualTypeOf<
      WebSocketSubject<number, string>
    >();
    expectTypeOf(webSocket<string>({ url })).toEqualTypeOf<WebSocketSubject<string>>();
  });
});

describe('the config', () => {
  it('accepts a URL as a string, as a URL object, and from a function', () => {
    webSocket({ url: new URL(url) });
    webSocket({ url: () => url });
    webSocket({ url: () => Promise.resolve(new URL(url)) });
    webSocket({ url: ({ attempt, closeEvent, signal }) => of(`${url}?${attempt}&${closeEvent?.code ?? 0}&${signal.aborted}`) });
    // @ts-expect-error
    webSocket({ url: 1 });
    // @ts-expect-error url is required
    webSocket({});
  });

  it("accepts observers of the DOM's event types, as rxjs/webSocket does", () => {
    const openObserver: NextObserver<Event> = { next: (event) => event.type };
    const closeObserver: NextObserver<CloseEvent> = { next: ({ code, reason, wasClean }) => [code, reason, wasClean] };
    const closingObserver: NextObserver<void> = { next: () => undefined };
    webSocket({ url, openObserver, closeObserver, closingObserver });
    webSocket({ url, closeObserver: { next: (event: OurCloseEvent) => event.initiator } });
  });

  it('accepts a config that was written for rxjs/webSocket', () => {
    const theirs: RxjsConfig<string> = { url, deserializer: (event) => String(event.data) };
    const { deserializer } = theirs;
    webSocket<string>({ url, protocol: ['a'], binaryType: 'blob', WebSocketCtor: WebSocket, ...(deserializer && { deserializer }) });
  });

  it('refuses unknown keys and values', () => {
    // @ts-expect-error
    webSocket({ url, closeTimout: 1 });
    // @ts-expect-error
    webSocket({ url, outbox: { maxValues: 1, overflow: 'panic' } });
    // @ts-expect-error
    webSocket({ url, binaryType: 'text' });
    // @ts-expect-error
    webSocket({ url, unsubscribeCode: '1000' });
  });
});

describe('our CloseEvent', () => {
  it("is an Event, and has the members of the DOM's CloseEvent", () => {
    expectTypeOf<OurCloseEvent>().toExtend<Event>();
    expectTypeOf<OurCloseEvent>().toExtend<Pick<CloseEvent, 'code' | 'reason' | 'wasClean' | 'type' | 'bubbles'>>();
    new EventTarget().dispatchEvent(new OurCloseEvent('close', { code: 1000, reason: '', wasClean: true }));
  });
});

describe('WebSocketSubject', () => {
  it('can be constructed with a URL', () => {
    expectTypeOf(WebSocketSubject).toBeConstructibleWith(url);
  });
});

describe('a config with a transport', () => {
  it('needs no url, and infers the same types', () => {
    const transport = () => new WebSocket(url);
    const config: TransportConfig<number, string> = { transport };
    expectTypeOf(webSocket(config)).toEqualTypeOf<WebSocketSubject<number, string>>();
    expectTypeOf(new WebSocketSubject<number>({ transport })).toEqualTypeOf<WebSocketSubject<number>>();
    expectTypeOf(webSocket({ transport, deserializer: ({ data }) => Number(data) })).toEqualTypeOf<WebSocketSubject<number>>();
    webSocket({ transport, url });
    // @ts-expect-error one of the two is required
    webSocket({ transport: undefined });
    // @ts-expect-error an unknown key
    webSocket({ transport, urls: url });
  });
});

describe('transportOptions', () => {
  it('may be a function of the context', () => {
    webSocket({ url, transportOptions: { headers: {} } });
    webSocket({ url, transportOptions: ({ attempt }) => ({ headers: { attempt } }) });
    webSocket({ url, transportOptions: () => Promise.resolve({}) });
    webSocket({ url, transportOptions: () => of({}) });
    // @ts-expect-error
    webSocket({ url, transportOptions: 'headers' });
  });
});
