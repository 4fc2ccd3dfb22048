import { describe, expect, it } from 'vitest';
import { after, InboxOverflowError, iterate, reconnectOnCode, WebSocketCloseError } from '../../../src/index.js';
import type { Action } from '../../server/protocol.js';
import { cleanClose, endOf, facts, statusOf, type Lab, type Socket } from './Lab.js';
import { seen } from './seen.js';

/** All messages of a loop, and what it threw. */
async function looped(values: AsyncIterable<unknown>): Promise<{ messages: unknown[]; error?: unknown }> {
  const messages: unknown[] = [];
  try {
    for await (const message of values) messages.push(message);
  } catch (error) {
    return { messages, error };
  }
  return { messages };
}

const texts = (count: number): Action[] => Array.from({ length: count }, (_, index) => ({ do: 'text', text: String(index) }));
const upTo = (count: number): number[] => [...Array(count).keys()];

export function iterating(lab: Lab): void {
  describe('for await', () => {
    it('S2: connects, gives the messages, and ends at a clean close', async () => {
      const peer = await lab.peer({ onOpen: [...texts(3), { do: 'close', code: 1012 }] });
      const socket = lab.socket(peer);
      expect(await looped(iterate(socket))).toEqual({ messages: [0, 1, 2] });
      expect(facts(endOf(socket) as never)).toEqual(cleanClose({ code: 1012 }));
      expect(await peer.count()).toBe(1);
    });

    it('S2: gives the messages, then throws the WebSocketCloseError of an unclean end', async () => {
      const peer = await lab.peer({ onOpen: [...texts(3), { do: 'destroy' }] });
      const socket = lab.socket(peer);
      const { messages, error } = await looped(iterate(socket));
      expect(messages).toEqual([0, 1, 2]);
      expect(error).toBeInstanceOf(WebSocketCloseError);
      expect((error as WebSocketCloseError).event).toBe(endOf(socket));
    });

    it('S2: gives the messages before the end, however late it takes them', async () => {
      const { peer, socket, recording } = await lab.open();
      const messages = iterate(socket);
      const first = messages.next();
      await peer.at(0).do(...texts(5), { do: 'close', code: 1000 });
      await recording.ended;
      expect(await first).toEqual({ done: false, value: 0 });
      expect(await looped(messages)).toEqual({ messages: [1, 2, 3, 4] });
      expect(await messages.next()).toEqual({ done: true, value: undefined });
    });

    const leaving: Record<string, (socket: Socket) => Promise<unknown>> = {
      break: async (socket) => {
        for await (const message of iterate(socket)) if (message === 1) break;
      },
      return: async (socket) => {
        for await (const message of iterate(socket)) if (message === 1) return message;
        return undefined;
      },
      throw: async (socket) => {
        const leave = async (): Promise<void> => {
          for await (const message of iterate(socket)) if (message === 1) throw new Error('enough');
        };
        await expect(leave()).rejects.toThrow('enough');
      },
    };
    for (const [name, leave] of Object.entries(leaving)) {
      it(`S9: leaving it by ${name} closes with 1000`, async () => {
        const peer = await lab.peer({ onOpen: texts(3) });
        const socket = lab.socket(peer);
        await leave(socket);
        expect(await peer.at(0).closeFrame()).toMatchObject({ code: 1000, reason: '' });
        expect(statusOf(socket).state).not.toBe('open');
      });
    }

    it('S9: leaving it does not close the connection of other subscribers', async () => {
      const { peer, socket, recording } = await lab.open();
      const messages = iterate(socket);
      const first = messages.next();
      await peer.at(0).json('for both');
      expect(await first).toEqual({ done: false, value: 'for both' });
      expect(await messages.return?.()).toEqual({ done: true, value: undefined });
      await lab.roundTrip(socket, recording, peer);
      expect((await peer.logs())[0]?.closeFrames).toEqual([]);
    });

    it('S9: closes with unsubscribeCode where one is configured', async () => {
      const peer = await lab.peer({ onOpen: texts(1) });
      const messages = iterate(lab.socket(peer, { unsubscribeCode: 4009 }));
      await messages.next();
      await messages.return?.();
      expect((await peer.at(0).closeFrame()).code).toBe(4009);
    });

    it('S9: unsubscribe() ends it', async () => {
      const { peer, socket } = await lab.open();
      const next = iterate(socket).next();
      socket.unsubscribe();
      expect(await next).toEqual({ done: true, value: undefined });
      expect((await peer.at(0).closeFrame()).code).toBe(1000);
    });

    it('S18: gives the messages before a close by your code, and none after it', async () => {
      const { peer, socket, recording } = await lab.open({ onClose: 'hold' });
      const messages = iterate(socket);
      const first = messages.next();
      await peer.at(0).do(...texts(3));
      await recording.until('message', 3);
      socket.close(4000);
      await peer.at(0).closeFrame();
      await peer.at(0).json('late');
      await peer.at(0).answerClose();
      expect(await first).toEqual({ done: false, value: 0 });
      expect(await looped(messages)).toEqual({ messages: [1, 2] });
    });

    it('S17: goes on over the connections of a subject that reconnects', async () => {
      const connection = { onOpen: [...texts(2), { do: 'close', code: 1012 }] } satisfies { onOpen: Action[] };
      const peer = await lab.peer(connection, connection, { onOpen: [...texts(1), { do: 'close', code: 1000 }] });
      const reconnecting = lab.socket(peer).pipeEvents(reconnectOnCode({ 1012: after(0) }));
      expect(await looped(iterate(reconnecting))).toEqual({ messages: [0, 1, 0, 1, 0] });
    });

    it('S15: a slow loop loses nothing where the transport can be paused, and elsewhere ends with an InboxOverflowError', async (test) => {
      const { peer, socket, recording } = await lab.open();
      const messages = iterate(socket, { highWaterMark: 8 });
      const first = messages.next();
      await peer.at(0).json(0);
      await first;
      await peer.at(0).do(...texts(500));
      if (lab.transport.pauses === true) {
        seen(test, 'paused');
        for (const index of upTo(500)) expect(await messages.next()).toEqual({ done: false, value: index });
        await lab.roundTrip(socket, recording, peer);
        return;
      }
      seen(test, 'overflows');
      await recording.until('message', 501);
      // The limit is judged in the task after the messages, by a timer that was started before this one.
      await new Promise((resolve) => setTimeout(resolve, 0));
      const { messages: kept, error } = await looped(messages);
      expect(kept).toEqual(upTo(8));
      expect(error).toBeInstanceOf(InboxOverflowError);
      expect(error).toMatchObject({ name: 'InboxOverflowError', limit: 8, data: 8 });
      // Other subscribers go on.
      await lab.roundTrip(socket, recording, peer);
    });

    it('S15: without a pause a slow loop gets the latest message, on every transport, and does not slow other subscribers down', async () => {
      const { peer, socket, recording } = await lab.open();
      const messages = iterate(socket, { highWaterMark: 8, pause: false, overflow: 'latest' });
      const first = messages.next();
      await peer.at(0).do(...texts(84));
      await recording.until('message', 84);
      await first;
      expect(await messages.next()).toEqual({ done: false, value: 81 });
      expect(await messages.next()).toEqual({ done: false, value: 82 });
      expect(await messages.next()).toEqual({ done: false, value: 83 });
      expect(lab.warnings(socket)).toMatchObject([{ kind: 'dropped', values: [1, 2, 3, 4, 5, 6, 7, 8] }]);
    });
  });
}
