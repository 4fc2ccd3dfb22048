import { NEVER } from 'rxjs';
import { describe, expect, it, vi } from 'vitest';
import { after, CloseCode, closeGracefully, reconnectOnCode } from '../../../src/index.js';
import { badCodes, bodyOf, closeWith, longReasons, valid } from './arguments.js';
import { cleanClose, endOf, facts, statusOf, type Lab, type Socket } from './Lab.js';
import { inPhase, sessionPhases } from './phases.js';

/** Calls with every bad argument, and returns those that did not throw the right error. */
function misjudged(target: object, unchanged: () => unknown): string[] {
  const wrong: string[] = [];
  const cases = [
    ...badCodes.map((bad) => [bad, 'InvalidAccessError'] as const),
    ...longReasons.map((bad) => [bad, 'SyntaxError'] as const),
  ];
  for (const [[name, code, reason], expected] of cases) {
    const before = unchanged();
    let what = 'nothing thrown';
    try {
      closeWith(target, code, reason);
    } catch (error) {
      what = error instanceof DOMException ? error.name : `not a DOMException: ${String(error)}`;
    }
    if (what !== expected) wrong.push(`${name}: ${what}`);
    try {
      expect(unchanged()).toEqual(before);
    } catch {
      wrong.push(`${name}: changed something`);
    }
  }
  return wrong;
}

export function validation(lab: Lab): void {
  const refusesAll = (socket: Socket): void => expect(misjudged(socket, () => statusOf(socket))).toEqual([]);

  describe('close() with bad arguments', () => {
    it('S4: throws on an idle subject, which can still connect', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      refusesAll(socket);
      expect(await peer.count()).toBe(0);
      const recording = lab.record(socket.events);
      await recording.until('open');
      await lab.roundTrip(socket, recording, peer);
    });

    for (const phase of sessionPhases) {
      it(`S4: throws in the phase ${phase} and changes nothing`, async () => {
        const { peer, base, socket, recording } = await inPhase(lab, phase);
        refusesAll(socket);
        refusesAll(base);
        if (phase === 'connecting') await peer.at(0).answerHandshake();
        if (phase === 'waiting') (await recording.until('reconnecting')).retryNow();
        if (phase === 'closing' || phase === 'closed') {
          if (phase === 'closing') await peer.at(0).answerClose();
          await recording.ended;
          expect(facts(recording.close)).toMatchObject({ code: 4000, reason: 'first', wasClean: true });
          expect((await peer.at(0).gone()).closeFrames).toHaveLength(1);
          expect(await peer.count()).toBe(1);
          return;
        }
        await recording.until('open');
        await lab.roundTrip(socket, recording, peer, phase === 'waiting' ? 1 : 0);
      });
    }

    it('S4: throws from the close() of connecting and open events', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const socket = lab.socket(peer);
      const recording = lab.record(socket.events);
      await peer.at(0).requested();
      expect(misjudged(await recording.until('connecting'), () => statusOf(socket))).toEqual([]);
      await peer.at(0).answerHandshake();
      expect(misjudged(await recording.until('open'), () => statusOf(socket))).toEqual([]);
      await lab.roundTrip(socket, recording, peer);
    });

    it('S4: throws when closeGracefully is made with them', () => {
      const named = (name: string): Error => expect.objectContaining({ name }) as Error;
      const computed: number = CloseCode.GoingAway; // a literal would not compile
      expect(() => closeGracefully(NEVER, { code: computed })).toThrow(named('InvalidAccessError'));
      expect(() => closeGracefully(NEVER, { code: 4000, reason: 'a'.repeat(124) })).toThrow(named('SyntaxError'));
    });
  });

  describe('close() with good arguments', () => {
    for (const [name, args, sent] of valid) {
      it(`S4: sends exactly what ${name} means`, async () => {
        const { peer, socket, recording } = await lab.open();
        closeWith(socket, ...args);
        expect(await peer.at(0).closeFrame()).toEqual({ ...sent, bytes: bodyOf(sent) });
        await recording.ended;
        expect(facts(recording.close)).toEqual(cleanClose({ ...sent, initiator: 'local', sent }));
        expect((await peer.at(0).gone()).closeFrames).toHaveLength(1);
      });
    }

    for (const phase of ['closing', 'closed'] as const) {
      it(`S4: does nothing in the phase ${phase}`, async () => {
        const { peer, socket, recording } = await inPhase(lab, phase);
        const before = statusOf(socket);
        for (const [, args] of valid) closeWith(socket, ...args);
        expect(statusOf(socket)).toEqual(before);
        if (phase === 'closing') await peer.at(0).answerClose();
        await recording.ended;
        expect(facts(recording.close)).toMatchObject({ code: 4000, reason: 'first', wasClean: true });
        expect((await peer.at(0).gone()).closeFrames).toHaveLength(1);
      });
    }

    it('S4: sends what the close() of an open event is given', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events);
      (await recording.until('open')).close(4003, 'by the event');
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 4003, reason: 'by the event' });
      await recording.ended;
      expect(recording.grammar).toBe('cox|');
      expect(recording.close.initiator).toBe('local');
    });
  });

  describe('the answer to our Close', () => {
    it('S2: its code is that of the event, not the one we sent', async () => {
      const { peer, socket, recording } = await lab.open({ onClose: { code: 4222, reason: 'remote' } });
      socket.close(4111, 'local');
      await recording.ended;
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 4111, reason: 'local' });
      expect(facts(recording.close)).toEqual(
        cleanClose({ code: 4222, reason: 'remote', initiator: 'local', sent: { code: 4111, reason: 'local' } }),
      );
    });

    it('S2: without a code is 1005 and clean', async () => {
      const { socket, recording } = await lab.open({ onClose: { code: null } });
      socket.close(4111);
      await recording.ended;
      expect(facts(recording.close)).toEqual(cleanClose({ code: 1005, initiator: 'local', sent: { code: 4111, reason: '' } }));
    });

    it('S2: until it arrives the status is closing, with the code that was sent', async () => {
      const { peer, socket, recording } = await lab.open({ onClose: 'hold' });
      socket.close(4111, 'local');
      await peer.at(0).closeFrame();
      expect(recording.terminal).toBeNull();
      expect(statusOf(socket)).toMatchObject({ state: 'closing', code: 4111, reason: 'local' });
      await peer.at(0).answerClose();
      await recording.ended;
      expect(statusOf(socket)).toMatchObject({ state: 'closed', attempts: 1 });
      expect(endOf(socket)).toBe(recording.close);
    });

    it('S2: is missing when the server drops the connection instead: unclean, and initiated locally', async () => {
      const { socket, recording } = await lab.open({ onClose: 'destroy' });
      socket.close(4111, 'local');
      await recording.ended;
      expect(facts(recording.close)).toEqual(lostLocally());
    });

    it('S3: never comes: the connection settles itself after closeTimeout', async () => {
      const closes = vi.fn();
      const { peer, socket, recording } = await lab.open({ onClose: 'hold' }, { closeTimeout: 30, closeObserver: { next: closes } });
      socket.close(4111, 'local');
      await recording.ended;
      expect(facts(recording.close)).toEqual(lostLocally());
      expect(recording.close.cause).toMatchObject({ name: 'WebSocketTimeoutError', phase: 'close' });
      expect(statusOf(socket).state).toBe('closed');
      expect((await peer.at(0).closeFrame()).code).toBe(4111);
      if (lab.transport.terminates) await peer.at(0).gone();
      await peer.at(0).json('too late');
      await peer.at(0).answerClose();
      await lab.settled();
      expect(closes.mock.calls).toEqual([[recording.close]]);
    });
  });
}

function lostLocally(): Record<string, unknown> {
  return cleanClose({ code: 1006, wasClean: false, initiator: 'local', sent: { code: 4111, reason: 'local' } });
}
