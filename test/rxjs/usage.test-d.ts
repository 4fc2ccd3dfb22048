import {
  catchError, EMPTY, filter, map, merge, of, repeat, retry, share, Subject, timer,
  type Observable, type Observer, type Subscription,
} from 'rxjs';
import { describe, expectTypeOf, test } from 'vitest';
import { webSocket, WebSocketSubject, type WebSocketSubjectConfig } from '../../src/index.js';

/** A message of either direction: rxjs/webSocket has one type for both. */
interface Message {
  topic: string;
  price: number;
}

const url = 'ws://127.0.0.1/quotes';

describe('code for rxjs/webSocket compiles if it', () => {
  test('makes a subject with one type argument or none', () => {
    expectTypeOf(webSocket<Message>(url)).toEqualTypeOf<WebSocketSubject<Message>>();
    expectTypeOf(webSocket<Message>({ url })).toEqualTypeOf<WebSocketSubject<Message>>();
    expectTypeOf(webSocket(url)).toEqualTypeOf<WebSocketSubject<unknown>>();
    const fromContext: WebSocketSubject<Message> = webSocket(url);
    const fromContextAndConfig: WebSocketSubject<Message> = webSocket({ url });
    const untyped: WebSocketSubject<any> = webSocket(url);
    expectTypeOf([fromContext, fromContextAndConfig, untyped]).toExtend<WebSocketSubject<any>[]>();
  });

  test('constructs or extends WebSocketSubject', () => {
    expectTypeOf(new WebSocketSubject<Message>(url)).toEqualTypeOf<WebSocketSubject<Message>>();
    class Quotes extends WebSocketSubject<Message> {
      constructor(config: Partial<WebSocketSubjectConfig<Message>>) {
        super({ url, ...config });
      }

      watch(topic: string): void {
        this.next({ topic, price: 0 });
      }
    }
    expectTypeOf(new Quotes({ protocol: 'v1' })).toExtend<Observable<Message>>();
  });

  test('keeps the subject in a field of a service', () => {
    class Service {
      private socket: WebSocketSubject<Message> | undefined;
      private readonly received = new Subject<Message>();
      readonly messages = this.received.asObservable();
      private subscription: Subscription | null = null;

      connect(): void {
        if (!this.socket || this.socket.closed) this.socket = webSocket(url);
        this.subscription = this.socket
          .pipe(
            retry({ count: 5, delay: (error: unknown, count) => (error ? timer(count * 100) : EMPTY) }),
            catchError(() => EMPTY),
            share(),
          )
          .subscribe((message) => this.received.next(message));
      }

      send(message: Message): void {
        this.socket?.next(message);
      }

      close(): void {
        this.subscription?.unsubscribe();
        this.socket?.complete();
        this.socket = undefined;
      }
    }
    expectTypeOf(new Service().messages).toEqualTypeOf<Observable<Message>>();
  });

  test('uses it as an Observable and as an Observer', () => {
    const socket = webSocket<Message>(url);
    expectTypeOf(socket).toExtend<Observable<Message>>();
    expectTypeOf(socket).toExtend<Observer<Message>>();
    expectTypeOf(socket.asObservable()).toEqualTypeOf<Observable<Message>>();
    expectTypeOf(socket.closed).toEqualTypeOf<boolean>();
    expectTypeOf(socket.observed).toEqualTypeOf<boolean>();
    expectTypeOf(socket.pipe(map(({ price }) => price))).toEqualTypeOf<Observable<number>>();
    of({ topic: 'EUR', price: 1 }).subscribe(socket);
    merge(socket, of({ topic: 'USD', price: 2 })).pipe(filter(({ topic }) => topic === 'EUR'), repeat(2)).subscribe();
    socket.subscribe({
      next: ({ price }) => console.log(price),
      error: (error: unknown) => console.error(error),
      complete: () => console.log('complete'),
    });
    socket.next({ topic: 'EUR', price: 3 });
    socket.complete();
    socket.error({ code: 4000, reason: 'I think our app just broke!' });
    socket.unsubscribe();
  });

  test('multiplexes with control messages of any type', () => {
    const socket = webSocket<Message>(url);
    const quotes = socket.multiplex(
      () => ({ subscribe: 'EUR' }),
      () => ({ unsubscribe: 'EUR' }),
      (message) => message.topic === 'EUR',
    );
    expectTypeOf(quotes).toEqualTypeOf<Observable<Message>>();
    socket.multiplex(() => ({ topic: 'EUR', price: 0 }), () => 'no-op', ({ topic }) => topic === 'EUR');
    webSocket(url).multiplex(() => ({ subscribe: 'EUR' }), () => ({ unsubscribe: 'EUR' }), (message: any) => message.topic === 'EUR');
    webSocket<any>(url).multiplex(() => ({ subscribe: 'EUR' }), () => ({ unsubscribe: 'EUR' }), (message) => message.topic === 'EUR');
  });

  test('declares a deserializer in one of the usual forms', () => {
    webSocket<Message>({ url, deserializer: (event: MessageEvent) => JSON.parse(event.data) });
    webSocket<Message>({ url, deserializer: (event: MessageEvent<string>) => JSON.parse(event.data) as Message });
    webSocket<Message>({ url, deserializer: ({ data }) => JSON.parse(data) });
    webSocket<string>({ url, deserializer: (event) => event.data });
    webSocket<string>({ url, deserializer: (event: any) => `${event.data}!` });
    webSocket({ url, deserializer: ({ data }) => data });
    expectTypeOf(webSocket({ url, deserializer: ({ data }): Message => JSON.parse(data) })).toEqualTypeOf<WebSocketSubject<Message>>();
    const config: WebSocketSubjectConfig<ArrayBuffer> = { url, binaryType: 'arraybuffer', deserializer: ({ data }) => data };
    webSocket(config);
  });

  test('declares a serializer that returns a string, a buffer or a view', () => {
    webSocket<Message>({ url, serializer: (message) => JSON.stringify({ channel: 'quotes', message }) });
    webSocket<string>({ url, serializer: (value: string) => value });
    webSocket<ArrayBuffer>({ url, serializer: (value) => value });
    webSocket<Uint8Array>({ url, serializer: (value) => value });
    webSocket({ url, serializer: (value) => JSON.stringify(value) });
  });

  test('observes opens and closes with functions or subjects', () => {
    webSocket<Message>({
      url,
      openObserver: { next: () => console.log('open') },
      closingObserver: { next: () => console.log('closing') },
      closeObserver: { next: () => console.log('closed') },
    });
    webSocket<Message>({
      url,
      openObserver: { next: (event: Event) => console.log(event.type) },
      closeObserver: {
        next(event: CloseEvent) {
          console.log(event.code, event.reason, event.wasClean, event.timeStamp);
        },
      },
    });
    webSocket<Message>({ url, closeObserver: { next: (event) => console.log(event.code, event.reason, event.wasClean) } });
    webSocket<Message>({
      url,
      openObserver: new Subject<Event>(),
      closingObserver: new Subject<void>(),
      closeObserver: new Subject<CloseEvent>(),
    });
    const observer: Partial<Observer<CloseEvent>> & Pick<Observer<CloseEvent>, 'next'> = { next: ({ code }) => console.log(code) };
    webSocket<Message>({ url, closeObserver: observer });
  });

  test('passes a transport class', () => {
    webSocket<Message>({ url, WebSocketCtor: WebSocket });
    webSocket<Message>({ url, protocol: 'v1', WebSocketCtor: class extends WebSocket {} });
    webSocket<Message>({ url, protocol: ['v1', 'v2'], WebSocketCtor: class {} as any });
    webSocket<Message>({ url, WebSocketCtor: class {} as unknown as typeof WebSocket });
  });

  test('builds the config beforehand', () => {
    const config: WebSocketSubjectConfig<Message> = { url, openObserver: { next: () => undefined } };
    expectTypeOf(webSocket(config)).toEqualTypeOf<WebSocketSubject<Message>>();
    expectTypeOf(webSocket<Message>({ ...config, protocol: 'v1' })).toEqualTypeOf<WebSocketSubject<Message>>();
    function make<T>(withConfig: Partial<WebSocketSubjectConfig<T>>): WebSocketSubject<T> {
      return new WebSocketSubject<T>({ url, ...withConfig });
    }
    expectTypeOf(make<Message>({})).toEqualTypeOf<WebSocketSubject<Message>>();
  });
});

describe('code for rxjs/webSocket does not compile, on purpose, if it', () => {
  test('uses a WebSocketSubject as a Subject', () => {
    // The result of `pipe` of a Subject would still have `next`.
    expectTypeOf(webSocket<Message>(url)).not.toExtend<Subject<Message>>();
  });

  test('passes a resultSelector, which rxjs/webSocket declares but never calls', () => {
    // @ts-expect-error an unknown key
    webSocket<Message>({ url, resultSelector: () => ({ topic: '', price: 0 }) });
  });

  test('sends a value that is not of the outgoing type', () => {
    // @ts-expect-error not a Message
    webSocket<Message>(url).next('hello');
    // @ts-expect-error not a string
    webSocket<Message, string>(url).multiplex(() => ({ subscribe: 'EUR' }), () => 'no-op', () => true);
  });

  test('sends a Blob', () => {
    // @ts-expect-error reading a Blob takes time: send what its arrayBuffer() gives
    webSocket<Blob>({ url, serializer: (value) => value });
  });
});
