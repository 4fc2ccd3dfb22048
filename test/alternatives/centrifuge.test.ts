import { Centrifuge } from 'centrifuge';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { after, reconnectOnCode, stop, webSocket } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';
import { Recording } from './Recording.js';

const server = serverAt(inject('serverUrl'));

describe('defect 18: codes that forbid a reconnect are obeyed only if the Close has a reason', () => {
  /** A server that closes the first connection with this code and reason. */
  const closing = (code: number, reason: string): Promise<Peer> => server.peer({ onOpen: [{ do: 'close', code, reason }] }, { handshake: 'hold' });

  async function theirs(code: number, reason: string): Promise<'reconnects' | 'stops'> {
    const peer = await closing(code, reason);
    const client = new Centrifuge(peer.url, { websocket: WebSocket, minReconnectDelay: 1, maxReconnectDelay: 1 });
    const disconnected = new Promise<'stops'>((resolve) => client.on('disconnected', () => resolve('stops')));
    client.on('error', () => undefined);
    client.connect();
    const result = await Promise.race([disconnected, peer.at(1).requested().then(() => 'reconnects' as const).catch(() => 'stops' as const)]);
    client.disconnect();
    await peer.dispose();
    return result;
  }

  async function ours(code: number, reason: string): Promise<'reconnects' | 'stops'> {
    const peer = await closing(code, reason);
    const byRange = reconnectOnCode<unknown, unknown>({ '3000-3499': after(1), '3500-3999': stop, '4000-4499': after(1), '4500-4999': stop });
    const recording = new Recording(webSocket(peer.url).pipeEvents(byRange));
    const ended = recording.ended.then(() => 'stops' as const);
    const result = await Promise.race([ended, peer.at(1).requested().then(() => 'reconnects' as const).catch(() => 'stops' as const)]);
    recording.subscription.unsubscribe();
    await peer.dispose();
    return result;
  }

  it.each([3500, 3501, 3999, 4500, 4999])('%i: centrifuge stops if there is a reason and reconnects if there is none; ours stops in both cases', async (code) => {
    expect(await theirs(code, 'go away')).toBe('stops');
    expect(await theirs(code, '')).toBe('reconnects');
    expect(await ours(code, 'go away')).toBe('stops');
    expect(await ours(code, '')).toBe('stops');
  });

  it.each([3000, 3499, 4000, 4499])('%i: both reconnect, with or without a reason', async (code) => {
    for (const reason of ['restart', '']) {
      expect(await theirs(code, reason)).toBe('reconnects');
      expect(await ours(code, reason)).toBe('reconnects');
    }
  });
});
