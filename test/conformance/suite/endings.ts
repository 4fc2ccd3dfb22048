import { take } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, reconnectOnCode } from '../../../src/index.js';
import { cleanClose, facts, lostConnection, statusOf, type Lab } from './Lab.js';
import { firstClose, inPhase, sessionPhases, type InPhase } from './phases.js';

const boom = new Error('boom');
const badRequest = { code: 1005 };

interface Ending {
  name: string;
  /** Code and reason of the session's close, and of Close where one is sent. */
  code: number;
  reason?: string;
  /** The error that subscribers receive instead of completing. */
  error?: unknown;
  /** No terminal at all. */
  silent?: true;
  end(of: InPhase): void;
}

const endings: readonly Ending[] = [
  { name: 'close(4001)', code: 4001, reason: 'bye', end: ({ socket }) => socket.close(4001, 'bye') },
  { name: 'close() of the base subject', code: 1000, end: ({ base }) => base.close() },
  { name: 'complete()', code: 1000, end: ({ socket }) => socket.complete() },
  { name: 'error() with a code and a reason', code: 4002, reason: 'r', end: ({ socket }) => socket.error({ code: 4002, reason: 'r' }) },
  { name: 'error() with an Error', code: 1000, error: boom, end: ({ socket }) => socket.error(boom) },
  { name: 'error() with a code that cannot be sent', code: 1000, error: badRequest, end: ({ socket }) => socket.error(badRequest) },
  { name: 'the last unsubscribe', code: 4009, silent: true, end: ({ recording }) => recording.unsubscribe() },
  { name: 'unsubscribe() of the subject', code: 4009, silent: true, end: ({ socket }) => socket.unsubscribe() },
];

/** S5 and S9: each way to end, in each phase, with a policy that would always reconnect at once. */
export function endingsInEveryPhase(lab: Lab): void {
  for (const phase of sessionPhases) {
    describe(`ended in the phase ${phase}`, () => {
      for (const ending of endings) {
        const law = ending.silent ? 'S9' : 'S5';
        it(`${law}: by ${ending.name}: final`, async () => {
          const ownError = ending.error !== undefined && phase !== 'closed';
          const inThatPhase = await inPhase(lab, phase, { unsubscribeCode: 4009, ownError: ownError && phase !== 'closing' });
          const { peer, socket, recording } = inThatPhase;
          const before = { grammar: recording.grammar, count: await peer.count() };
          ending.end(inThatPhase);
          await afterwards(inThatPhase, phase, ending, before.grammar);
          await lab.settled();
          await peer.allGone();
          expect(await peer.count()).toBe(before.count);
          expect(['closed', 'idle']).toContain(statusOf(socket).state);
        });
      }
    });
  }

  describe('ended by your code', () => {
    it('S5: through the base subject, an operator applied by pipe() does not reconnect either', async () => {
      for (const phase of ['connecting', 'open', 'waiting'] as const) {
        const peer = await lab.peer(phase === 'connecting' ? { handshake: 'hold' } : phase === 'open' ? {} : { handshake: 'drop' });
        const socket = lab.socket(peer);
        const recording = lab.record(socket.events.pipe(reconnectOnCode(after(phase === 'waiting' ? 60_000 : 0))));
        if (phase === 'connecting') await peer.at(0).requested();
        else await recording.until(phase === 'open' ? 'open' : 'reconnecting');
        socket.close(4001);
        await recording.ended;
        expect(facts(recording.close)).toMatchObject({ code: 4001, wasClean: true, initiator: 'local', opened: phase === 'open' });
        await lab.settled();
        expect(await peer.count()).toBe(1);
      }
    });

    it('S5: while the server drops the connection instead of answering', async () => {
      const peer = await lab.peer({ onClose: 'destroy' });
      const socket = lab.socket(peer).pipeEvents(reconnectOnCode(after(0)));
      const recording = lab.record(socket.events);
      await recording.until('open');
      socket.close(4001);
      await recording.ended;
      expect(facts(recording.close)).toMatchObject({ code: 1006, wasClean: false, initiator: 'local' });
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });

    it('S5: by the close() of a connecting event', async () => {
      const peer = await lab.peer({ handshake: 'hold' });
      const recording = lab.record(lab.socket(peer).pipeEvents(reconnectOnCode(after(0))).events);
      await peer.at(0).requested();
      (await recording.until('connecting')).close(4003, 'no');
      await recording.ended;
      expect(facts(recording.close)).toEqual(cleanClose({ code: 4003, reason: 'no', initiator: 'local', opened: false }));
      await lab.settled();
      expect(await peer.count()).toBe(1);
    });

    it('S2: abort() of an event does not end the session: 1006 with the cause, and the policy decides', async () => {
      const peer = await lab.peer({ handshake: 'hold' }, {}, {});
      const recording = lab.record(lab.socket(peer).pipeEvents(reconnectOnCode(after(0))).events);
      await peer.at(0).requested();
      (await recording.until('connecting')).abort(boom);
      (await recording.until('open')).abort(boom);
      await recording.until('open', 2);
      expect(recording.grammar).toBe('crcorco');
      const [first, second] = recording.all('reconnecting').map(({ closeEvent }) => closeEvent);
      expect(first).toMatchObject(lostConnection({ opened: false, cause: boom }));
      expect(second).toMatchObject(lostConnection({ attempt: 1, cause: boom }));
      await peer.at(0).gone();
    });

    it('S9: only the last of several subscribers closes', async () => {
      const { peer, socket, recording } = await lab.open();
      const other = lab.record(socket.events, { late: true });
      other.unsubscribe();
      await lab.roundTrip(socket, recording, peer);
      recording.unsubscribe();
      expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000, reason: '' });
      expect((await peer.at(0).gone()).closeFrames).toHaveLength(1);
    });

    it('S9: from inside a message: take(1) closes with 1000', async () => {
      const peer = await lab.peer({ onOpen: [{ do: 'text', text: '1' }, { do: 'text', text: '2' }] });
      const values: unknown[] = [];
      const done = new Promise<void>((resolve) => {
        lab.socket(peer).pipe(take(1)).subscribe({ next: (value) => values.push(value), complete: resolve });
      });
      await done;
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
      expect(values).toEqual([1]);
    });

    it('S9: after unsubscribe() the subject may be subscribed again', async () => {
      const { peer, socket } = await lab.open();
      socket.unsubscribe();
      await peer.at(0).closeFrame();
      const again = lab.record(socket.events);
      await again.until('open');
      await lab.roundTrip(socket, again, peer, 1);
    });
  });
}

async function afterwards({ peer, recording }: InPhase, phase: string, ending: Ending, before: string): Promise<void> {
  const { code, reason = '' } = ending;
  if (phase === 'closed') {
    expect(recording.grammar).toBe(before);
    return;
  }
  if (phase === 'closing') {
    await peer.at(0).answerClose();
    await peer.at(0).gone();
    if (!ending.silent) {
      await recording.ended;
      expect(facts(recording.close)).toMatchObject({ ...firstClose, wasClean: true, initiator: 'local', sent: firstClose });
    }
  } else if (!ending.silent) {
    await recording.ended;
    const opened = phase === 'open';
    expect(facts(recording.close)).toMatchObject({
      code, reason, wasClean: true, initiator: 'local', opened, sent: opened ? { code, reason } : null, unsent: [],
    });
    expect(recording.terminal).toBe(ending.error === undefined ? 'complete' : 'error');
    expect(recording.error).toBe(ending.error);
  }
  if (ending.silent) expect(recording.grammar).toBe(before);
  const { closeFrames } = await peer.at(0).gone();
  expect(closeFrames.map((frame) => frame.code)).toEqual(phase === 'closing' ? [firstClose.code] : phase === 'open' ? [code] : []);
}
