import { Centrifuge } from 'centrifuge';
import { describe, expect, inject, it } from 'vitest';
import { WebSocket } from 'ws';
import { after, reconnectOnCode, stop, webSocket } from '../../src/index.js';
import { serverAt, type Peer } from '../server/serverAt.js';
import { Heard } from './Heard.js';

const server = serverAt(inject('serverUrl'));

describe('defect 18: the codes that forbid to connect again do so only when there is a reason with them', () => {
  /** Does the client come back to a server that closes its first connection so? */
  const refusing = (code: number, reason: string): Promise<Peer> => server.peer({ onOpen: [{ do: 'close', code, reason }] }, { handshake: 'hold' });

  async function theirs(code: number, reason: string): Promise<'comes back' | 'stays away'> {
    const peer = await refusing(code, reason);
    const client = new Centrifuge(peer.url, { websocket: WebSocket, minReconnectDelay: 1, maxReconnectDelay: 1 });
    const disconnected = new Promise<'stays away'>((resolve) => client.on('disconnected', () => resolve('stays away')));
    client.on('error', () => undefined);
    client.connect();
    const result = await Promise.race([disconnected, peer.at(1).requested().then(() => 'comes back' as const).catch(() => 'stays away' as const)]);
    client.disconnect();
    await peer.dispose();
    return result;
  }

  async function ours(code: number, reason: string): Promise<'comes back' | 'stays away'> {
    const peer = await refusing(code, reason);
    const bands = reconnectOnCode<unknown, unknown>({ '3000-3499': after(1), '3500-3999': stop, '4000-4499': after(1), '4500-4999': stop });
    const heard = new Heard(webSocket(peer.url).pipeEvents(bands));
    const ended = heard.ended.then(() => 'stays away' as const);
    const result = await Promise.race([ended, peer.at(1).requested().then(() => 'comes back' as const).catch(() => 'stays away' as const)]);
    heard.subscription.unsubscribe();
    await peer.dispose();
    return result;
  }

  it.each([3500, 3501, 3999, 4500, 4999])('%i: centrifuge stays away with a reason, and comes back without one; ours stays away', async (code) => {
    expect(await theirs(code, 'go away')).toBe('stays away');
    expect(await theirs(code, '')).toBe('comes back');
    expect(await ours(code, 'go away')).toBe('stays away');
    expect(await ours(code, '')).toBe('stays away');
  });

  it.each([3000, 3499, 4000, 4499])('%i: both come back, with a reason and without', async (code) => {
    for (const reason of ['restart', '']) {
      expect(await theirs(code, reason)).toBe('comes back');
      expect(await ours(code, reason)).toBe('comes back');
    }
  });
});
