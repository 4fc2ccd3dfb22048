import { describe, expect, it } from 'vitest';
import { after, reconnectOnCode } from '../../../src/index.js';
import type { Behaviour } from '../../server/protocol.js';
import type { Peer } from '../../server/serverAt.js';
import { facts, statusOf, type Lab, type Socket } from './Lab.js';
import type { AnyEvent, Recording } from './Recording.js';

type Moment = AnyEvent['type'];

/** A server for each moment of a session, with a second message right after the first. */
const behaviours: Record<Moment, Behaviour> = {
  connecting: {},
  open: {},
  message: { onOpen: [{ do: 'text', text: '1' }, { do: 'text', text: '2' }] },
  reconnecting: { handshake: 'drop' },
  close: { onOpen: [{ do: 'close', code: 4401 }] },
};

/** The events of a session that your code ends inside an event. */
const grammars: Record<Moment, string> = { connecting: 'cx|', open: 'cox|', message: 'comx|', reconnecting: 'crx|', close: 'cox|' };

export function reentrancy(lab: Lab): void {
  /** Does something, once, inside the first event of a type. */
  async function inside(moment: Moment, action: (socket: Socket, recording: () => Recording) => void): Promise<{
    peer: Peer; socket: Socket; recording: Recording;
  }> {
    const peer = await lab.peer(behaviours[moment], {});
    const policy = { close: { 1012: after(0) }, reconnecting: after(60_000) };
    const socket = lab.socket(peer).pipeEvents(
      reconnectOnCode(moment === 'close' ? policy.close : moment === 'reconnecting' ? policy.reconnecting : after(0)),
    );
    let acted = (): void => undefined;
    const happened = new Promise<void>((resolve) => (acted = resolve));
    let done = false;
    const hook = (event: AnyEvent): void => {
      if (event.type !== moment || done) return;
      done = true;
      action(socket, () => recording);
      acted();
    };
    const recording: Recording = lab.record(socket.events, { hook });
    await happened;
    return { peer, socket, recording };
  }

  describe('from inside an event', () => {
    for (const moment of Object.keys(grammars) as Moment[]) {
      it(`S5: close() in ${moment}`, async () => {
        const { peer, recording } = await inside(moment, (socket) => socket.close(4001, 'inside'));
        await recording.ended;
        expect(recording.grammar).toBe(grammars[moment]);
        const opened = moment === 'open' || moment === 'message';
        expect(facts(recording.close)).toMatchObject(moment === 'close' ? { code: 4401, initiator: 'remote' } : {
          code: 4001, reason: 'inside', wasClean: true, initiator: 'local', opened,
        });
        if (opened) expect((await peer.at(0).closeFrame()).code).toBe(4001);
        await lab.settled();
        await peer.allGone();
        expect(await peer.count()).toBeLessThanOrEqual(1);
      });

      it(`S9: unsubscribe() in ${moment}`, async () => {
        const { peer, recording } = await inside(moment, (socket) => socket.unsubscribe());
        await lab.settled();
        await peer.allGone();
        expect(recording.grammar).toBe(grammars[moment].slice(0, moment === 'close' ? -1 : -2));
        expect(await peer.count()).toBeLessThanOrEqual(1);
        const codes = (await peer.logs()).flatMap(({ closeFrames }) => closeFrames.map(({ code }) => code));
        if (moment === 'open' || moment === 'message') expect(codes).toEqual([1000]);
      });
    }

    it('S12: next() in open is sent after the outbox', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      socket.next('queued');
      lab.record(socket.events, { hook: ({ type }) => type === 'open' && socket.next('live') });
      expect(await peer.at(0).jsons(2)).toEqual(['queued', 'live']);
    });

    it('S12: send() of an open event is sent before the outbox, and before what is sent live', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer);
      socket.next('queued');
      lab.record(socket.events, {
        hook: (event) => {
          if (event.type !== 'open') return;
          socket.next('live');
          event.send('first');
          event.send('second');
        },
      });
      expect(await peer.at(0).jsons(4)).toEqual(['first', 'second', 'queued', 'live']);
    });

    it('S12: send() of an open event sends on that connection alone: later it throws an InvalidStateError, and nothing is sent or kept', async () => {
      const gone = expect.objectContaining({ name: 'InvalidStateError' }) as Error;
      const peer = await lab.peer({}, {});
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events);
      const first = await recording.until('open');
      first.send('early');
      expect(await peer.at(0).jsons(1)).toEqual(['early']);
      await peer.at(0).close(1012);
      const second = await recording.until('open', 2);
      expect(() => first.send('of the first')).toThrow(gone);
      second.send('of the second');
      expect(await peer.at(1).jsons(1)).toEqual(['of the second']);
      socket.close(4001);
      expect(() => second.send('after Close')).toThrow(gone);
      await recording.ended;
      expect(() => second.send('after the end')).toThrow(gone);
      expect(recording.close.unsent).toEqual([]);
      expect(statusOf(socket)).toMatchObject({ state: 'closed', queued: 0 });
      expect((await peer.logs()).map(({ texts }) => texts)).toEqual([['"early"'], ['"of the second"']]);
    });

    it('S13: next() in connecting and in reconnecting waits for the open', async () => {
      const peer = await lab.peer({ handshake: 'drop' }, {});
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      lab.record(socket.events, { hook: ({ type }) => (type === 'connecting' || type === 'reconnecting') && socket.next(type) });
      expect(await peer.at(1).jsons(3)).toEqual(['connecting', 'reconnecting', 'connecting']);
    });

    it('S7: subscribing again in the terminal begins a new session', async () => {
      for (const action of [{ do: 'close', code: 1012 } as const, { do: 'destroy' } as const]) {
        const peer = await lab.peer({ onOpen: [action] }, {});
        const socket = lab.socket(peer);
        const again = (): void => void socket.events.subscribe();
        socket.events.subscribe({ complete: again, error: again });
        await peer.at(1).opened();
        expect(await peer.mostAlive()).toBe(1);
        socket.unsubscribe();
        expect((await peer.at(1).closeFrame()).code).toBe(1000);
      }
    });

    it('S1: retryNow() in reconnecting, and again later, makes one connection', async () => {
      const peer = await lab.peer({ handshake: 'drop' }, {});
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(60_000)));
      const recording = lab.record(socket.events, { hook: (event) => event.type === 'reconnecting' && event.retryNow() });
      await recording.until('open');
      recording.all('reconnecting')[0]?.retryNow();
      await lab.settled();
      expect(recording.grammar).toBe('crco');
      expect(await peer.count()).toBe(2);
    });
  });

  describe('while the server accepts', () => {
    for (const how of ['close', 'unsubscribe'] as const) {
      it(`S7: an attempt that ${how}() has ended never opens`, async () => {
        const peer = await lab.peer({ handshake: 'hold' });
        const socket = lab.socket(peer);
        const recording = lab.record(socket.events);
        await peer.at(0).requested();
        const accepted = peer.at(0).answerHandshake();
        if (how === 'close') socket.close(4001);
        else socket.unsubscribe();
        await accepted;
        await peer.at(0).gone();
        await lab.settled();
        expect(recording.grammar).toBe(how === 'close' ? 'cx|' : 'c');
      });
    }
  });
}
