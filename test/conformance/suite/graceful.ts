import { NEVER, of, Subject } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, closeGracefully, reconnectOnCode } from '../../../src/index.js';
import { cleanClose, facts, statusOf, type Lab } from './Lab.js';

export function graceful(lab: Lab): void {
  const bye = { code: 4100, reason: 'leaving' } as const;

  describe('closeGracefully', () => {
    const whens = {
      'an observable': (): { when: Subject<void>; fire(): void } => {
        const when = new Subject<void>();
        return { when, fire: () => when.next() };
      },
      'a promise': (): { when: Promise<void>; fire(): void } => {
        let fire = (): void => undefined;
        const when = new Promise<void>((resolve) => (fire = resolve));
        return { when, fire };
      },
      'an AbortSignal': (): { when: AbortSignal; fire(): void } => {
        const controller = new AbortController();
        return { when: controller.signal, fire: () => controller.abort() };
      },
    };
    for (const [name, make] of Object.entries(whens)) {
      for (const side of ['after', 'before'] as const) {
        it(`S5: triggered by ${name}, placed ${side} reconnectOnCode, closes with its code and ends`, async () => {
          const { when, fire } = make();
          const peer = await lab.peer();
          const operators = [reconnectOnCode(after(0)), closeGracefully(when, bye)];
          const socket = lab.socket(peer).pipeEvents(...(side === 'after' ? operators : operators.reverse()));
          const recording = lab.record(socket.events);
          await recording.until('open');
          await lab.roundTrip(socket, recording, peer);
          fire();
          expect(await peer.at(0).closeFrame()).toMatchObject(bye);
          await recording.ended;
          expect(recording.grammar).toBe('comx|');
          expect(facts(recording.close)).toEqual(cleanClose({ ...bye, initiator: 'local', sent: bye }));
          await lab.settled();
          expect(await peer.count()).toBe(1);
        });
      }
    }

    it('S13: triggered while connecting, sends the outbox after the open, then Close', async () => {
      const when = new Subject<void>();
      const peer = await lab.peer({ handshake: 'hold' });
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)), closeGracefully(when, bye));
      const recording = lab.record(socket.events);
      await peer.at(0).requested();
      socket.next('last words');
      when.next();
      await peer.at(0).answerHandshake();
      await recording.ended;
      expect(await peer.at(0).jsons(1)).toEqual(['last words']);
      expect(await peer.at(0).closeFrame()).toMatchObject(bye);
      expect(recording.close).toMatchObject({ ...bye, unsent: [] });
    });

    it('S18: delivers messages and holds Close back until the last replies have arrived', async () => {
      const when = new Subject<void>();
      const until = new Subject<void>();
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(closeGracefully(when, { ...bye, until, timeout: 60_000 }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.next('a question');
      when.next();
      await peer.at(0).texts(1);
      await peer.at(0).json('an answer');
      await recording.until('message');
      await lab.settled();
      expect((await peer.logs())[0]?.closeFrames).toEqual([]);
      until.next();
      expect(await peer.at(0).closeFrame()).toMatchObject(bye);
      await recording.ended;
      expect(recording.messages).toEqual(['an answer']);
      expect(facts(recording.close)).toMatchObject({ ...bye, wasClean: true });
    });

    it('S15: waits for the last replies no longer than its timeout', async () => {
      const when = new Subject<void>();
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(
        reconnectOnCode(after(0)), closeGracefully(when, { ...bye, until: new Promise(() => undefined), timeout: 100 }),
      );
      const recording = lab.record(socket.events);
      await recording.until('open');
      when.next();
      expect(await peer.at(0).closeFrame()).toMatchObject(bye);
      await recording.ended;
      expect(recording.close.initiator).toBe('local');
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });

    it('S15: waits for the answer as long as its timeout says, though closeTimeout is shorter', async () => {
      const when = new Subject<void>();
      const peer = await lab.peer({ onClose: 'hold' });
      const socket = lab.socket(peer, { closeTimeout: 1 }).pipeEvents(closeGracefully(when, { ...bye, timeout: 60_000 }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      when.next();
      await peer.at(0).closeFrame();
      // Takes longer than closeTimeout.
      for (let i = 0; i < 5; i++) await lab.settled();
      await peer.at(0).answerClose();
      await recording.ended;
      expect(facts(recording.close)).toMatchObject({ ...bye, wasClean: true });
    });

    for (const side of ['after', 'before'] as const) {
      it(`S5: triggered during a wait, placed ${side} reconnectOnCode, ends the session`, async () => {
        const when = new Subject<void>();
        const peer = await lab.peer({ handshake: 'drop' });
        const operators = [reconnectOnCode(after(60_000)), closeGracefully(when, bye)];
        const socket = lab.socket(peer).pipeEvents(...(side === 'after' ? operators : operators.reverse()));
        const recording = lab.record(socket.events);
        await recording.until('reconnecting');
        when.next();
        await recording.ended;
        expect(recording.grammar).toBe('crx|');
        expect(facts(recording.close)).toMatchObject({ ...bye, wasClean: true, initiator: 'local', opened: false });
        expect(statusOf(socket).state).toBe('closed');
        await lab.settled();
        expect(await peer.count()).toBe(1);
      });
    }

    it('S7: values sent after it was triggered belong to the next session', async () => {
      const when = new Subject<void>();
      const until = new Subject<void>();
      const peer = await lab.peer();
      const base = lab.socket(peer);
      const socket = base.pipeEvents(closeGracefully(when, { until, timeout: 60_000 }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.next('before');
      when.next();
      socket.next('for the next');
      until.next();
      await recording.ended;
      const fresh = lab.record(base.events);
      await fresh.until('open');
      expect(await peer.at(1).jsons(1)).toEqual(['for the next']);
      expect(await peer.at(0).jsons(1)).toEqual(['before']);
    });

    it('S9: the last unsubscribe does not shorten it', async () => {
      const when = new Subject<void>();
      const until = new Subject<void>();
      const peer = await lab.peer();
      const socket = lab.socket(peer, { unsubscribeCode: 4009 }).pipeEvents(closeGracefully(when, { ...bye, until, timeout: 60_000 }));
      const recording = lab.record(socket.events);
      await recording.until('open');
      when.next();
      recording.unsubscribe();
      await lab.settled();
      expect((await peer.logs())[0]?.closeFrames).toEqual([]);
      until.next();
      expect(await peer.at(0).closeFrame()).toMatchObject(bye);
    });

    it('S5: is cut short by close(), which sends its own code at once', async () => {
      const when = new Subject<void>();
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(
        reconnectOnCode(after(0)), closeGracefully(when, { ...bye, until: new Promise(() => undefined), timeout: 60_000 }),
      );
      const recording = lab.record(socket.events);
      await recording.until('open');
      when.next();
      socket.close(4001, 'now');
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 4001, reason: 'now' });
      await recording.ended;
      expect(recording.grammar).toBe('cox|');
      expect(recording.close).toMatchObject({ code: 4001, initiator: 'local' });
    });

    it('is not triggered by a `when` that ends without a value', async () => {
      const peer = await lab.peer();
      const when = new Subject<void>();
      const socket = lab.socket(peer).pipeEvents(closeGracefully(when, bye));
      const recording = lab.record(socket.events);
      await recording.until('open');
      when.complete();
      await lab.settled();
      await lab.roundTrip(socket, recording, peer);
      expect(recording.terminal).toBeNull();
    });

    it('S16: reports a `when` that fails on warnings', async () => {
      const peer = await lab.peer();
      const when = new Subject<void>();
      const base = lab.socket(peer);
      const socket = base.pipeEvents(closeGracefully(when, bye));
      const recording = lab.record(socket.events);
      await recording.until('open');
      when.error(new Error('no signal'));
      await lab.roundTrip(socket, recording, peer);
      expect(lab.warnings(base)).toMatchObject([{ kind: 'callback', error: { message: 'no signal' } }]);
    });

    it('S5: with a `when` that emitted before the session began, closes it as soon as it is open or earlier', async () => {
      for (const when of [of(true), AbortSignal.abort()]) {
        const peer = await lab.peer();
        const recording = lab.record(lab.socket(peer).pipeEvents(reconnectOnCode(after(0)), closeGracefully(when, bye)).events);
        await recording.ended;
        expect(facts(recording.close)).toMatchObject({ ...bye, wasClean: true, initiator: 'local' });
        await lab.settled();
        expect(await peer.count()).toBeLessThanOrEqual(1);
      }
    });

    it('S5: applied by pipe(), on the events of the base', async () => {
      const peer = await lab.peer();
      const when = new Subject<void>();
      const socket = lab.socket(peer);
      const recording = lab.record(socket.events.pipe(reconnectOnCode(after(0)), closeGracefully(when, bye)));
      await recording.until('open');
      when.next();
      await recording.ended;
      expect(facts(recording.close)).toEqual(cleanClose({ ...bye, initiator: 'local', sent: bye }));
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });

    it('changes nothing until it is triggered', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(closeGracefully(NEVER));
      const recording = lab.record(socket.events);
      await recording.until('open');
      await lab.roundTrip(socket, recording, peer);
      await peer.at(0).close(1012);
      await recording.ended;
      expect(recording.grammar).toBe('comx|');
      expect(facts(recording.close)).toEqual(cleanClose({ code: 1012 }));
    });
  });
}
