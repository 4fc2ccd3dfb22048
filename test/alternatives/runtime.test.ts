import type { Observable } from 'rxjs';
import * as rxjsWebSocket from 'rxjs/webSocket';
import { describe, expect, inject, it } from 'vitest';
import * as websocketSubject from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Recording } from './Recording.js';

const server = serverAt(inject('serverUrl'));

describe('defect 12: a ReferenceError at construction in Node 20', () => {
  /** Connects with nothing but a URL; returns the first notification. */
  async function connect({ webSocket }: { webSocket(url: string): Observable<unknown> }) {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"welcome"' }] });
    const recording = new Recording(webSocket(peer.url));
    const first = await recording.first;
    recording.subscription.unsubscribe();
    await peer.allGone();
    return first;
  }

  it('rxjs/webSocket throws one where there is no global WebSocket; ours connects', async () => {
    // Node has a global WebSocket since version 22, so this half of the defect does not apply there; runtime.test-d.ts shows the other half.
    if ('WebSocket' in globalThis) expect(await connect(rxjsWebSocket)).toBe('welcome');
    else await expect(connect(rxjsWebSocket)).rejects.toThrow(ReferenceError);

    expect(await connect(websocketSubject)).toBe('welcome');
  });
});
