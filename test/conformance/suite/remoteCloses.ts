import { describe, expect, it } from 'vitest';
import { WebSocketTimeoutError } from '../../../src/index.js';
import type { Action } from '../../server/protocol.js';
import { cleanClose, endOf, facts, lostConnection, statusOf, type Lab } from './Lab.js';
import { seen } from './seen.js';

/** Codes that a server may send; `null` is a Close with an empty body. */
const registered = [
  1000, 1001, 1002, 1003, null, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3003, 3008, 3999, 4000, 4401, 4999,
];

/** Codes that must not be sent: transports differ. */
const illegal = [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535];

const malformed: readonly (readonly [string, Action])[] = [
  ['a Close body of one byte', { do: 'frame', opcode: 8, payload: '03' }],
  ['a reason that is no UTF-8', { do: 'frame', opcode: 8, payload: '03e8ff' }],
  ['a reserved opcode', { do: 'frame', opcode: 3, payload: '' }],
  ['text that is no UTF-8', { do: 'frame', opcode: 1, payload: 'ff' }],
  ['a reserved bit', { do: 'raw', bytes: 'b10131' }],
  ['a fragmented Close', { do: 'frame', opcode: 8, payload: '03e8', fin: false }],
];

export function remoteCloses(lab: Lab): void {
  describe('the server closes', () => {
    for (const code of registered) {
      it(`S2: with ${code ?? 'no code'}: the close is the last value, then complete`, async (context) => {
        const { peer, socket, recording } = await lab.open();
        const reason = code === null ? '' : 'why, ロボ';
        await peer.at(0).close(code, reason);
        await recording.ended;
        expect(recording.grammar).toBe('cox|');
        expect(facts(recording.close)).toEqual(cleanClose({ code: code ?? 1005, reason }));
        expect(endOf(socket)).toBe(recording.close);
        await peer.at(0).gone();
        seen(context, `clean ${recording.close.code}`);
      });
    }

    for (const code of illegal) {
      it(`S2: with ${code}, which must not be sent: one close, and it decides the terminal`, async (context) => {
        const { peer, recording } = await lab.open();
        await peer.at(0).close(code);
        await recording.ended;
        const { close } = recording;
        expect(facts(close)).toEqual(close.wasClean ? cleanClose({ code }) : lostConnection({}));
        expect(close.code === 1006 && close.wasClean).toBe(false);
        seen(context, `${close.wasClean ? 'clean' : 'unclean'} ${close.code}`);
      });
    }

    it('S1: after messages, in the same packet: they are delivered first', async () => {
      const { peer, recording } = await lab.open();
      await peer.at(0).do(
        { do: 'text', text: '1' }, { do: 'text', text: '"ü"' }, { do: 'text', text: '{"three":3}' },
        { do: 'close', code: 1000, reason: 'done' },
      );
      await recording.ended;
      expect(recording.grammar).toBe('commmx|');
      expect(recording.messages).toEqual([1, 'ü', { three: 3 }]);
      expect(facts(recording.close)).toEqual(cleanClose({ reason: 'done' }));
    });

    it('S1: in the packet of the opening handshake: open comes first', async () => {
      const { recording } = await lab.open({ onOpen: [{ do: 'close', code: 1001, reason: 'PASS' }] });
      await recording.ended;
      expect(recording.grammar).toBe('cox|');
      expect(facts(recording.close)).toEqual(cleanClose({ code: 1001, reason: 'PASS' }));
    });

    it('S1: with messages, in the packet of the opening handshake', async () => {
      const { recording } = await lab.open({ onOpen: [{ do: 'text', text: '1' }, { do: 'text', text: '2' }, { do: 'close', code: 4000 }] });
      await recording.ended;
      expect(recording.grammar).toBe('commx|');
      expect(recording.messages).toEqual([1, 2]);
    });

    it('S2: and ends its direction of the connection at once', async () => {
      const { peer, recording } = await lab.open();
      await peer.at(0).do({ do: 'close', code: 1000 }, { do: 'fin' });
      await recording.ended;
      expect(facts(recording.close)).toEqual(cleanClose({}));
    });

    it('S2: with a byte order mark in the reason', async (context) => {
      const { peer, recording } = await lab.open();
      await peer.at(0).close(1000, '\ufeffx');
      await recording.ended;
      const { reason } = recording.close;
      expect(facts(recording.close)).toEqual(cleanClose({ reason }));
      expect(['x', '\ufeffx']).toContain(reason);
      seen(context, reason === 'x' ? 'mark removed' : 'mark kept');
    });

    it('S2: with a reason of 123 bytes', async () => {
      const { peer, recording } = await lab.open();
      await peer.at(0).close(4000, '€'.repeat(41));
      await recording.ended;
      expect(recording.close.reason).toBe('€'.repeat(41));
    });
  });

  // Transports are silent between the server's Close and the end of TCP; `ws` ends it at once, Chromium after two seconds.
  describe('the server has sent Close, but keeps the TCP connection', () => {
    const inThatState = async (): Promise<Awaited<ReturnType<Lab['open']>>> => {
      const open = await lab.open({ lingers: true });
      await open.peer.at(0).close(4001, 'x');
      await open.peer.at(0).closeFrame();
      await lab.settled();
      return open;
    };

    it('S3: and never ends it: the session ends all the same', async (context) => {
      const { peer, recording } = await lab.open({ lingers: true }, { closeTimeout: 100 });
      await peer.at(0).close(4001, 'x');
      await recording.ended;
      const { close } = recording;
      expect(facts(close)).toEqual(close.wasClean ? cleanClose({ code: 4001, reason: 'x' }) : lostConnection({}));
      if (!close.wasClean) expect(close.cause).toEqual(new WebSocketTimeoutError('close', 100));
      seen(context, close.wasClean ? 'clean' : 'a timeout');
    });

    it('S3: and never ends it, nor answers the end of ours: the session ends all the same', async (context) => {
      const { peer, socket, recording } = await lab.open({ lingers: true, ignoresFin: true }, { closeTimeout: 100 });
      await peer.at(0).close(1012, 'deploy');
      await peer.at(0).closeFrame();
      expect(statusOf(socket).state).not.toBe('closing');
      await recording.ended;
      const { close } = recording;
      expect(facts(close)).toEqual(close.wasClean ? cleanClose({ code: 1012, reason: 'deploy' }) : lostConnection({}));
      // `ws` would wait for 30 s.
      if (lab.transport.isWs) expect(close.wasClean).toBe(true);
      seen(context, close.wasClean ? 'clean' : 'a timeout');
    });

    it('S13: a value sent then is kept for the next session', async () => {
      const { peer, socket, recording } = await inThatState();
      socket.next('kept');
      await peer.at(0).end('fin');
      await recording.ended;
      expect(facts(recording.close)).toEqual(cleanClose({ code: 4001, reason: 'x' }));
      lab.record(socket.events);
      expect(await peer.at(1).jsons(1)).toEqual(['kept']);
    });

    it('S5: close() then does not change the end', async () => {
      const { peer, socket, recording } = await inThatState();
      socket.close(4111);
      await peer.at(0).end('fin');
      await recording.ended;
      expect(recording.grammar).toBe('cox|');
      expect(facts(recording.close)).toEqual(cleanClose({ code: 4001, reason: 'x' }));
      expect((await peer.at(0).gone()).closeFrames).toHaveLength(1);
    });
  });

  describe('the server sends', () => {
    for (const [name, action] of malformed) {
      it(`S3: ${name}: unclean 1006, and the error of the transport is the cause`, async () => {
        const { peer, socket, recording } = await lab.open();
        await lab.roundTrip(socket, recording, peer);
        await peer.at(0).do(action);
        await recording.ended;
        expect(recording.grammar).toBe('comx!');
        expect(facts(recording.close)).toEqual(lostConnection({}));
        expect(recording.close.cause).toBeDefined();
        await peer.at(0).gone();
      });
    }
  });

  describe('the connection is lost', () => {
    for (const how of ['destroy', 'reset', 'fin'] as const) {
      const names = { destroy: 'closed', reset: 'reset', fin: 'ended by the server' };
      it(`S2: the TCP connection is ${names[how]}: unclean 1006`, async (context) => {
        const { peer, socket, recording } = await lab.open();
        await lab.roundTrip(socket, recording, peer);
        await peer.at(0).end(how);
        await recording.ended;
        expect(recording.grammar).toBe('comx!');
        expect(facts(recording.close)).toEqual(lostConnection({}));
        expect(endOf(socket)).toBe(recording.close);
        seen(context, recording.close.cause === undefined ? 'no cause' : 'with a cause');
      });
    }

    it('S2: the event has the time that the connection was open', async () => {
      const { peer, recording } = await lab.open();
      await peer.at(0).end();
      await recording.ended;
      expect(recording.close.uptime).toBeGreaterThanOrEqual(0);
      expect(Number.isFinite(recording.close.uptime)).toBe(true);
    });
  });
}
