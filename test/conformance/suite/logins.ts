import { filter, firstValueFrom } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { after, errorOnCode, onOpen, reconnectOnCode, stop, type SocketOperator } from '../../../src/index.js';
import { cleanClose, facts, type Lab } from './Lab.js';

/** The usual case of `onOpen`: a token first, the server's answer, then the outbox. */
const login = (): SocketOperator<unknown, unknown> =>
  onOpen((open) => {
    open.send({ token: 'secret' });
    return firstValueFrom(open.messages.pipe(filter((message) => message === 'welcome')));
  });

export function logins(lab: Lab): void {
  describe('onOpen', () => {
    it('S12: the outbox waits for the answer to a login, on first opens and reopens', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(login(), reconnectOnCode({ 1012: after(0) }));
      socket.next('first');
      const recording = lab.record(socket.events);
      expect(await peer.at(0).jsons(1)).toEqual([{ token: 'secret' }]);
      socket.next('second');
      await peer.at(0).json('welcome');
      expect(await peer.at(0).jsons(3)).toEqual([{ token: 'secret' }, 'first', 'second']);
      await peer.at(0).close(1012);
      expect(await peer.at(1).jsons(1)).toEqual([{ token: 'secret' }]);
      socket.next('third');
      await peer.at(1).json('welcome');
      expect(await peer.at(1).jsons(2)).toEqual([{ token: 'secret' }, 'third']);
      expect(recording.messages).toEqual(['welcome', 'welcome']);
    });

    it('S12: refused with 4401: the policy stops, and the outbox was not sent', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(login(), reconnectOnCode({ 4401: stop, 1006: after(0) }));
      socket.next('secret plans');
      const recording = lab.record(socket.events);
      expect(await peer.at(0).jsons(1)).toEqual([{ token: 'secret' }]);
      await peer.at(0).close(4401, 'expired');
      await recording.ended;
      expect(recording.grammar).toBe('cox|');
      expect(facts(recording.close)).toEqual(cleanClose({ code: 4401, reason: 'expired' }));
      expect((await peer.at(0).gone()).texts).toHaveLength(1);
      expect(await peer.count()).toBe(1);
    });
  });

  describe('errorOnCode', () => {
    it('S2: turns a clean close into an error, after the close', async () => {
      const peer = await lab.peer();
      const socket = lab.socket(peer).pipeEvents(errorOnCode([1012, '4500-4599']));
      const errors: unknown[] = [];
      socket.subscribe({ error: (error: unknown) => errors.push(error) });
      await peer.at(0).requested();
      const ended = firstValueFrom(socket.events.pipe(filter(({ type }) => type === 'close')));
      await peer.at(0).close(1012, 'deploy');
      expect(await ended).toMatchObject({ code: 1012, wasClean: true });
      expect(errors).toEqual([expect.objectContaining({ name: 'WebSocketCloseError', code: 1012, reason: 'deploy', wasClean: true })]);
    });
  });
}
