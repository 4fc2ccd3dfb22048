import IsomorphicWebSocket from 'isomorphic-ws';
import { afterEach, expect, it, vi } from 'vitest';
import { webSocket } from '../../src/index.js';
import { defaultWebSocket } from '../../src/connection/node.js';
import { testServer } from '../../src/testing/index.js';
import { FakeSocket } from '../subject/FakeSocket.js';
import { recorded } from '../subject/recorded.js';

afterEach(() => vi.unstubAllGlobals());

const server = testServer();

/** Node's own class, which it has since 22. */
const ofNode = (globalThis as { WebSocket?: new (url: string) => object }).WebSocket;
const onlyWithNodes = it.skipIf(ofNode === undefined);

it('a global WebSocket that a test has replaced is used in Node, decided when connecting', () => {
  const socket = webSocket<number>('ws://fake');
  vi.stubGlobal('WebSocket', server.WebSocket);
  const seen = recorded(socket.events);
  const connection = server.expectOne();
  connection.send(1);
  connection.close(1000);
  expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 1', 'close 1000 clean remote', 'complete']);
});

it('its constructor is not called to find out', () => {
  const construct = vi.fn();
  class Replaced extends server.WebSocket {
    constructor(url: string) {
      super(url);
      construct();
    }
  }
  vi.stubGlobal('WebSocket', Replaced);
  expect(defaultWebSocket()).toBe(Replaced);
  expect(construct).not.toHaveBeenCalled();
});

it.each([
  ['a class whose readyState throws', class { get readyState(): number { throw new TypeError('Illegal invocation'); } }], // prettier-ignore
  ['a class whose readyState throws no error', class { get readyState(): number { throw null; } }], // prettier-ignore
  ['a function', vi.fn()],
  ['a bound class', FakeSocket.bind(null)],
])('%s is one, too', (_what, Replaced) => {
  vi.stubGlobal('WebSocket', Replaced);
  expect(defaultWebSocket()).toBe(Replaced);
});

onlyWithNodes("so is a subclass of Node's own, and a proxy around it, as mocking libraries make it", () => {
  for (const Replaced of [class extends (ofNode ?? Object) {}, new Proxy(ofNode ?? Object, {})]) {
    vi.stubGlobal('WebSocket', Replaced);
    expect(defaultWebSocket()).toBe(Replaced);
  }
});

it("Node's own class, none, or what is no class is not taken: `ws` stays the default", () => {
  expect(defaultWebSocket()).toBe(IsomorphicWebSocket);
  for (const global of [undefined, null, {}]) {
    vi.stubGlobal('WebSocket', global);
    expect(defaultWebSocket()).toBe(IsomorphicWebSocket);
  }
});

/** A class whose getter throws from a file of Node's undici, as that of its `WebSocket` does. */
function ofUndici(onLook = (): void => undefined): unknown {
  const status = Object.getOwnPropertyDescriptor(Response.prototype, 'status')?.get;
  return class {
    get readyState(): unknown {
      onLook();
      return status?.call(this);
    }
  };
}

it.each([
  ["Node's", ofUndici()],
  ["Bun's, which is native code", Map],
])("the runtime's own class is not taken, whenever it is asked: %s", (_whose, own) => {
  vi.stubGlobal('WebSocket', own);
  expect([defaultWebSocket(), defaultWebSocket()]).toEqual([IsomorphicWebSocket, IsomorphicWebSocket]);
});

it("the runtime's own class is known again, without a further exception", () => {
  const looks = vi.fn();
  vi.stubGlobal('WebSocket', ofUndici(looks));
  for (let times = 0; times < 3; times++) defaultWebSocket();
  expect(looks).toHaveBeenCalledTimes(1);
});

it("the class of a simulated page that never opens is not taken: jsdom's own, in Vitest", () => {
  vi.stubGlobal('WebSocket', server.WebSocket);
  vi.stubGlobal('jsdom', { window: { WebSocket: server.WebSocket } });
  expect(defaultWebSocket()).toBe(IsomorphicWebSocket);
  vi.stubGlobal('jsdom', {});
  expect(defaultWebSocket()).toBe(server.WebSocket);
});

it('the limit of stack traces stays as it was', () => {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 3;
  vi.stubGlobal('WebSocket', ofUndici());
  defaultWebSocket();
  expect(Error.stackTraceLimit).toBe(3);
  Error.stackTraceLimit = stackTraceLimit;
});

it.each([0, undefined])('a limit of %s does not hide whose class it is', (limit) => {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
  vi.stubGlobal('WebSocket', ofUndici());
  Object.defineProperty(Error, 'stackTraceLimit', { ...descriptor, value: limit });
  try {
    expect(defaultWebSocket()).toBe(IsomorphicWebSocket);
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', descriptor);
  }
});

onlyWithNodes('a stack trace limit that cannot be set changes nothing', () => {
  const descriptor = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit') as PropertyDescriptor;
  Object.defineProperty(Error, 'stackTraceLimit', { value: 10, writable: false, configurable: true });
  try {
    // Derived, so that the answer is not known already.
    vi.stubGlobal('WebSocket', class extends (ofNode as NonNullable<typeof ofNode>) {});
    expect(defaultWebSocket()).toBe(globalThis.WebSocket);
  } finally {
    Object.defineProperty(Error, 'stackTraceLimit', descriptor);
  }
});
