import { EMPTY, of, type Observable } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { after, HandshakeRefusedError, reconnectOnCode, WebSocketTimeoutError } from '../../../src/index.js';
import { withEnvironment } from '../../../src/connection/Environment.js';
import type { Handshake } from '../../server/protocol.js';
import { cleanClose, endOf, facts, lostConnection, statusOf, type Lab } from './Lab.js';
import { seen } from './seen.js';

const refusals: readonly (readonly [name: string, handshake: Handshake, protocol?: string])[] = [
  ['is answered with 401', { status: 401 }],
  ['is answered with 404', { status: 404 }],
  ['is answered with 503', { status: 503 }],
  ['is redirected', { status: 301 }],
  ['is dropped', 'drop'],
  ['is answered with something else than HTTP', 'garbage'],
  ['is answered with the wrong key', 'bad-accept'],
  ['has an extension that was not offered', 'unasked-extension'],
  ['has no subprotocol when one was offered', { protocol: null }, 'a'],
  ['has another subprotocol than was offered', { protocol: 'b' }, 'a'],
  ['has the subprotocol in capitals', { protocol: 'A' }, 'a'],
  ['has a subprotocol when none was offered', { protocol: 'b' }],
];

const noToken = new RangeError('no token');
const failures: readonly (readonly [string, () => Promise<string> | Observable<string>, unknown])[] = [
  ['throws', () => { throw noToken; }, noToken],
  ['rejects', () => Promise.reject(noToken), noToken],
  ['ends without a value', () => EMPTY, expect.any(Error)],
];

export function handshakes(lab: Lab): void {
  describe('the opening handshake', () => {
    for (const [name, handshake, protocol] of refusals) {
      it(`S3: ${name}: unclean 1006, never opened, exactly once`, async () => {
        const peer = await lab.peer({ handshake });
        const closes = vi.fn();
        const socket = lab.socket(peer, { closeObserver: { next: closes }, ...(protocol === undefined ? {} : { protocol }) });
        const recording = lab.record(socket.events);
        await expect(recording.until('open')).rejects.toThrow('ended without open');
        expect(recording.grammar).toBe('cx!');
        expect(facts(recording.close)).toEqual(lostConnection({ opened: false }));
        expect(recording.close.cause).toBeDefined();
        expect(recording.close.uptime).toBe(0);
        await lab.settled(); // not until the TCP connection is gone: undici leaves one with a bad 101 open, and nothing can end it
        expect(closes.mock.calls).toEqual([[recording.close]]);
        expect(statusOf(socket)).toMatchObject({ state: 'closed', attempts: 1 });
        expect(endOf(socket)).toBe(recording.close);
      });
    }

    it('S3: is refused: the event has host and status, its text and that of the error name both, where the transport shows the status', async (context) => {
      const peer = await lab.peer({ handshake: { status: 401, headers: ['WWW-Authenticate: Bearer'], body: 'token expired' } });
      const { host } = new URL(peer.url);
      const url = `${peer.url.replace('://', '://user:password@')}?token=secret`;
      const recording = lab.record(lab.socket(url).events);
      await recording.ended;
      const { close, error } = recording;
      expect(facts(close)).toEqual(lostConnection({ opened: false }));
      expect(close.host).toBe(host);
      const texts = [String(close), (error as Error).message];
      for (const text of texts) {
        expect(text).toContain(`${host}: 1006, no connection`);
        expect(text).not.toMatch(/secret|password/);
      }
      if (lab.transport.isWs) {
        expect(close.httpStatus).toBe(401);
        expect(close.cause).toBeInstanceOf(HandshakeRefusedError);
        expect(close.cause).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' }, body: 'token expired' });
        expect(texts).toEqual([`CloseEvent: ${host}: 1006, no connection (HTTP 401)`, `${host}: 1006, no connection (HTTP 401)`]);
      } else expect(close.httpStatus).toBeNull();
      seen(context, close.httpStatus === null ? 'no status' : 'HTTP 401');
    });

    it('S5: is refused with 401 again and again: by default the third stops, where the transport shows it', async (context) => {
      const peer = await lab.peer({ handshake: { status: 401 } });
      const subject = withEnvironment({ random: () => 0 }, () => lab.socket(peer).pipeEvents(reconnectOnCode()));
      const recording = lab.record(subject.events);
      await recording.until('reconnecting', 2);
      if (lab.transport.isWs) {
        await recording.ended;
        expect(recording.grammar).toBe('crcrcx!');
        expect(await peer.count()).toBe(3);
      } else {
        await recording.until('reconnecting', 3);
        subject.close();
      }
      seen(context, lab.transport.isWs ? 'stops' : 'goes on');
    });

    it('S3: finds no server: unclean 1006, never opened', async () => {
      const recording = lab.record(lab.socket(await lab.closedUrl()).events);
      await recording.ended;
      expect(recording.grammar).toBe('cx!');
      expect(facts(recording.close)).toEqual(lostConnection({ opened: false }));
      expect(recording.close.cause).toBeDefined();
    });

    it('S3: is never answered: times out after connectTimeout', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const recording = lab.record(lab.socket(peer, { connectTimeout: 40 }).events);
      await peer.at(0).requested();
      await recording.ended;
      expect(recording.grammar).toBe('cx!');
      expect(facts(recording.close)).toEqual(lostConnection({ opened: false }));
      expect(recording.close.cause).toBeInstanceOf(WebSocketTimeoutError);
      expect(recording.close.cause).toMatchObject({ phase: 'connect' });
      await peer.at(0).gone();
    });

    it('S7: is never answered: the next attempt is made, and later events of the abandoned one are ignored', async () => {
      const peer = await lab.peer({ handshake: 'hold' }, {});
      const socket = lab.socket(peer, { connectTimeout: (attempt) => (attempt === 0 ? 40 : 10_000) }).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events);
      await recording.until('open');
      await lab.roundTrip(socket, recording, peer, 1);
      await peer.at(0).gone();
      await lab.settled();
      expect(recording.grammar).toBe('crcom');
    });

    it('gives the subprotocol that the server chose', async () => {
      const peer = await lab.peer({ handshake: { protocol: 'b' } });
      const socket = lab.socket(peer, { protocol: ['a', 'b'] });
      const recording = lab.record(socket.events);
      const open = await recording.until('open');
      expect(open).toMatchObject({ protocol: 'b', attempt: 0 });
      expect(open.url).toContain(peer.url);
      expect((await peer.at(0).opened()).protocols).toEqual(['a', 'b']);
      expect(statusOf(socket)).toMatchObject({ state: 'open', protocol: 'b', attempt: 0 });
    });
  });

  describe('the subprotocol', () => {
    it('may be a name, a list, or a function that returns one, a promise or an observable', async () => {
      const protocols = [
        'a', ['a', 'b'], () => 'a', () => ['a', 'b'], () => Promise.resolve(['a', 'b']), () => of(['a', 'b']),
      ];
      const offered = [['a'], ['a', 'b'], ['a'], ['a', 'b'], ['a', 'b'], ['a', 'b']];
      const peer = await lab.peer();
      for (const protocol of protocols) {
        const socket = lab.socket(peer, { protocol });
        const recording = lab.record(socket.events);
        expect((await recording.until('open')).protocol).toBe('a');
        socket.close();
        await recording.ended;
      }
      expect((await peer.logs()).map((log) => log.protocols)).toEqual(offered);
    });

    it("is none when it, or the result of its function, is '' or an empty list", async () => {
      const protocols = ['', [], () => '', () => [], () => Promise.resolve('')];
      const peer = await lab.peer();
      for (const protocol of protocols) {
        const socket = lab.socket(peer, { protocol });
        const recording = lab.record(socket.events);
        expect((await recording.until('open')).protocol).toBe('');
        socket.close();
        await recording.ended;
      }
      const logs = await peer.logs();
      expect(logs.map((log) => log.protocols)).toEqual(protocols.map(() => []));
      for (const { headers } of logs) expect(headers).not.toHaveProperty('sec-websocket-protocol');
    });

    it('its function is called before each connection, with the close of the one before', async () => {
      const peer = await lab.peer();
      const received: unknown[] = [];
      const socket = lab.socket(peer, {
        protocol: ({ attempt, closeEvent }) => {
          received.push([attempt, closeEvent?.code ?? null]);
          return [`v${attempt}`];
        },
      }).pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      await peer.at(0).close(1012);
      expect((await recording.until('open', 2)).protocol).toBe('v1');
      expect(received).toEqual([[0, null], [1, 1012]]);
      expect((await peer.logs()).map((log) => log.protocols)).toEqual([['v0'], ['v1']]);
    });

    for (const [name, protocol, cause] of failures) {
      it(`S1: whose function ${name} is a failed attempt`, async () => {
        const peer = await lab.peer();
        const recording = lab.record(lab.socket(peer, { protocol }).events);
        await recording.ended;
        expect(recording.grammar).toBe('cx!');
        expect(facts(recording.close)).toEqual(lostConnection({ opened: false }));
        expect(recording.close.cause).toEqual(cause);
        expect(await peer.count()).toBe(0);
      });
    }
  });

  describe('the address', () => {
    it('may be a URL object, or a function that returns a promise or an observable', async () => {
      const peer = await lab.peer();
      const urls = [
        new URL(`${peer.url}?as=object`), () => `${peer.url}?as=value`, () => Promise.resolve(`${peer.url}?as=promise`),
        () => of(new URL(`${peer.url}?as=observable`)),
      ];
      for (const url of urls) {
        const socket = lab.socket(peer, { url });
        const recording = lab.record(socket.events);
        await recording.until('open');
        socket.close();
        await recording.ended;
      }
      const asked = (await peer.logs()).map(({ path }) => path.replace(/.*\?as=/, ''));
      expect(asked).toEqual(['object', 'value', 'promise', 'observable']);
    });

    it('its function is called before each connection, with the close of the one before', async () => {
      const peer = await lab.peer();
      const received: unknown[] = [];
      const socket = lab.socket(peer, {
        url: ({ attempt, closeEvent }) => {
          received.push([attempt, closeEvent?.code ?? null]);
          return `${peer.url}?attempt=${attempt}`;
        },
      }).pipeEvents(reconnectOnCode({ 1012: after(0) }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      await peer.at(0).close(1012);
      await recording.until('open', 2);
      expect(received).toEqual([[0, null], [1, 1012]]);
      expect((await peer.logs())[1]?.path).toContain('?attempt=1');
    });

    for (const [name, url, cause] of failures) {
      it(`S1: whose function ${name} is a failed attempt`, async () => {
        const recording = lab.record(lab.socket('ws://127.0.0.1', { url }).events);
        await recording.ended;
        expect(recording.grammar).toBe('cx!');
        expect(facts(recording.close)).toEqual(lostConnection({ opened: false }));
        expect(recording.close.cause).toEqual(cause);
      });
    }

    it('S3: whose function never settles: the attempt times out after connectTimeout, and the signal of the function is aborted', async () => {
      let signal: AbortSignal | undefined;
      const socket = lab.socket('ws://127.0.0.1', {
        connectTimeout: 40,
        url: (context) => {
          ({ signal } = context);
          return new Promise<string>(() => undefined);
        },
      });
      const recording = lab.record(socket.events);
      await recording.ended;
      expect(facts(recording.close)).toEqual(lostConnection({ opened: false }));
      expect(recording.close.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'connect' });
      expect(signal?.aborted).toBe(true);
    });

    it('S5: close() while its function is pending ends the session, and nothing connects', async () => {
      const peer = await lab.peer();
      let answer: (url: string) => void = () => undefined;
      const url = (): Promise<string> => new Promise((resolve) => (answer = resolve));
      const socket = lab.socket(peer, { url }).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events);
      await recording.until('connecting');
      socket.close(4001, 'changed my mind');
      await recording.ended;
      answer(peer.url);
      await lab.settled();
      expect(facts(recording.close)).toEqual(cleanClose({ code: 4001, reason: 'changed my mind', initiator: 'local', opened: false }));
      expect(await peer.count()).toBe(0);
    });

    it('S1: that the constructor refuses is an error without a close, and is not retried', async () => {
      const policy = vi.fn(() => 0);
      const socket = lab.socket('ftp://127.0.0.1/').pipeEvents(reconnectOnCode(policy));
      const recording = lab.record(socket.events, { refused: true });
      await recording.ended;
      expect(recording.terminal).toBe('error');
      expect(recording.all('close')).toEqual([]);
      expect(policy).not.toHaveBeenCalled();
      expect(statusOf(socket)).toMatchObject({ state: 'closed', closeEvent: null, error: recording.error });
    });

    it('S1: that the constructor refuses is a failed attempt when a function returned it, and the policy decides', async () => {
      const peer = await lab.peer();
      const url = ({ attempt }: { readonly attempt: number }): string => (attempt === 0 ? 'ftp://127.0.0.1/' : peer.url);
      const recording = lab.record(lab.socket(peer, { url }).pipeEvents(reconnectOnCode(after(0))).events);
      const { closeEvent } = await recording.until('reconnecting');
      expect(facts(closeEvent as never)).toEqual(lostConnection({ opened: false }));
      expect(closeEvent.cause).toMatchObject({ name: 'SyntaxError' });
      await recording.until('open');
      expect(recording.grammar).toBe('crco');
    });
  });
}
