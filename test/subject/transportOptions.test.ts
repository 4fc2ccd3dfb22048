import { defer, of } from 'rxjs';
import { WebSocket as Undici } from 'undici';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocket as Ws } from 'ws';
import { after, reconnectOnCode, webSocket, type ConnectionContext } from '../../src/index.js';
import { testServer } from '../../src/testing/index.js';
import { recorded } from './recorded.js';
import { lastClose, manualServer, setUp } from './setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** A subject whose transports keep what their constructor got. */
function started(transportOptions: unknown, config: object = {}) {
  const got: unknown[][] = [];
  const { last, server } = manualServer();
  class Keeping extends server.WebSocket {
    constructor(...args: [string, (string | string[])?, object?]) {
      super(args[0], args[1]);
      got.push(args);
    }
  }
  return { got, ...setUp({ WebSocketCtor: Keeping, transportOptions: transportOptions as object, ...config }), last, server };
}

describe('a function', () => {
  it('is called for each attempt, with its context, after url and protocol', () => {
    const order: string[] = [];
    const asked: unknown[] = [];
    const transportOptions = ({ attempt, closeEvent, signal }: ConnectionContext): object => {
      order.push('options');
      asked.push([attempt, closeEvent?.code, signal.aborted]);
      return { headers: { authorization: `token ${attempt}` } };
    };
    const url = (): string => (order.push('url'), 'ws://fake');
    const protocol = (): string => (order.push('protocol'), 'chat');
    const { got, last, socket } = started(transportOptions, { url, protocol });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    last().accept();
    last().close(1012);
    vi.advanceTimersByTime(0);
    expect(order).toEqual(['url', 'protocol', 'options', 'url', 'protocol', 'options']);
    expect(asked).toEqual([[0, undefined, false], [1, 1012, false]]);
    expect(got).toEqual([
      ['ws://fake', 'chat', { headers: { authorization: 'token 0' } }],
      ['ws://fake', 'chat', { headers: { authorization: 'token 1' } }],
    ]);
    seen.unsubscribe();
  });

  it('may return a promise or an observable: its first value', async () => {
    const promised = started(() => Promise.resolve({ origin: 'a' }));
    promised.socket.subscribe();
    await vi.advanceTimersByTimeAsync(0);
    const observed = started(() => of({ origin: 'b' }, { origin: 'c' }));
    observed.socket.subscribe();
    expect([promised.got, observed.got]).toEqual([[['ws://fake', undefined, { origin: 'a' }]], [['ws://fake', undefined, { origin: 'b' }]]]);
    promised.socket.close();
    observed.socket.close();
  });

  it.each<[string, () => unknown, string]>([
    ['throws', () => { throw new TypeError('no token'); }, 'no token'],
    ['rejects', () => Promise.reject(new TypeError('no token')), 'no token'],
    ['returns null', () => null, 'transportOptions must be an object, not null'],
    ['misspells a key', () => ({ header: {} }), "did you mean 'headers'"],
    ['misspells a key later', () => defer(() => Promise.resolve({ Headers: {} })), "did you mean 'headers'"],
  ])('S1: that %s is a failed attempt, which the policy decides', async (_, transportOptions, message) => {
    const { server, socket } = started(transportOptions);
    const seen = recorded(socket.events);
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen)).toMatchObject({ opened: false, cause: { name: 'TypeError', message: expect.stringContaining(message) } });
    expect(server.connections).toEqual([]);
  });

  it('S1: makes what a constructor refuses a failed attempt, as other options may be accepted the next time', () => {
    class Refusing {
      constructor() {
        throw new RangeError('protocolVersion');
      }
    }
    const { socket } = started(() => ({ protocolVersion: 7 }), { WebSocketCtor: Refusing });
    const seen = recorded(socket.events);
    vi.advanceTimersByTime(1);
    expect(seen.log).toEqual(['connecting 0', 'close 1006 unclean transport', 'WebSocketCloseError']);
  });
});

describe('keys in Node', () => {
  it.each([
    ['Headers', 'headers'],
    ['header', 'headers'],
    ['heeaders', 'headers'],
    ['hezders', 'headers'],
    ['maxpayload', 'maxPayload'],
    ['maxPayloads', 'maxPayload'],
    ['perMessageDeflates', 'perMessageDeflate'],
    ['PermessageDeflat', 'perMessageDeflate'],
    ['rejectUnauthorised', 'rejectUnauthorized'],
    ['igin', undefined],
    ['headersOf', undefined],
  ])('%s: %s', (key, meant) => {
    const make = (): unknown => webSocket({ url: 'ws://fake', transportOptions: { [key]: 1 } });
    if (meant === undefined) expect(make).not.toThrow();
    else expect(make).toThrow(new TypeError(`transportOptions: no option '${key}'; did you mean '${meant}'?`));
  });

  const ofWs = [
    'agent', 'allowSynchronousEvents', 'auth', 'autoPong', 'closeTimeout', 'createConnection', 'finishRequest', 'followRedirects', 'generateMask', 'handshakeTimeout',
    'headers', 'maxBufferedChunks', 'maxFragments', 'maxPayload', 'maxPendingAutoPongs', 'maxRedirects', 'origin', 'perMessageDeflate', 'protocolVersion',
    'rejectUnauthorized', 'skipUTF8Validation',
  ];

  it.each(ofWs)('with one letter too many get a suggestion: %s', (key) => {
    expect(() => webSocket({ url: 'ws://fake', transportOptions: { [`${key}s`]: 1 } })).toThrow(`no option '${key}s'; did you mean '${key}'?`);
  });

  it('of ws, http and tls are accepted as they are', () => {
    const keys = [
      ...ofWs, 'ca', 'cert', 'key', 'pfx', 'passphrase', 'servername', 'checkServerIdentity', 'ciphers', 'minVersion',
      'maxVersion', 'family', 'localAddress', 'lookup', 'host', 'port', 'path', 'timeout', 'socketPath', 'maxHeaderSize', 'setHost', 'signal', 'session',
      'ALPNProtocols', 'highWaterMark', 'secureContext', 'hints', 'insecureHTTPParser', 'pskCallback', 'headersTimeout',
    ];
    expect(() => webSocket({ url: 'ws://fake', transportOptions: Object.fromEntries(keys.map((key) => [key, undefined])) })).not.toThrow();
  });
});

describe('where they have no effect', () => {
  /** What a subject warns of, over two attempts whose transports are never opened. */
  function warningsOver(WebSocketCtor: unknown, transportOptions: unknown) {
    const { socket, warnings } = setUp({ url: 'ws://127.0.0.1:9', WebSocketCtor: WebSocketCtor as never, transportOptions: transportOptions as object });
    for (let session = 0; session < 2; session++) {
      recorded(socket.events);
      socket.close();
    }
    return warnings;
  }
  const warning = { kind: 'callback', callback: 'transportOptions', error: new TypeError('no effect') };
  class Standard extends EventTarget {
    readyState = 0;
    constructor(readonly url: string, readonly protocols?: string) {
      super();
    }
    close(): void {
      this.readyState = 3;
    }
  }

  class Accepting extends EventTarget {
    constructor(readonly url: string, readonly protocols: string, readonly options: object) {
      super();
    }
    close(): void {}
  }

  it.each<[string, unknown]>([
    ["undici's class", Undici],
    ['a class like that of the platform', Standard],
  ])('a warning says so once: %s', (_, WebSocketCtor) => {
    expect(warningsOver(WebSocketCtor, { headers: {} })).toEqual([warning]);
    const transportOptions = vi.fn(() => ({ headers: {} }));
    expect(warningsOver(WebSocketCtor, transportOptions)).toEqual([warning]);
  });

  it.each<[string, unknown]>([
    ['ws', Ws],
    ['a class derived from ws', class extends Ws {}],
    ['a class derived from one of the standard, which may take them', class extends Standard { constructor(url: string, protocols?: string, readonly options: object = {}) { super(url, protocols); } }],
    ['a class like that of the platform that takes a third argument', Accepting],
    ['a fake', testServer().WebSocket],
  ])('no warning comes for %s', (_, WebSocketCtor) => {
    expect(warningsOver(WebSocketCtor, { headers: {} })).toEqual([]);
    expect(warningsOver(WebSocketCtor, undefined)).toEqual([]);
  });
});
