import type { Observable } from 'rxjs';
import * as rxjsWebSocket from 'rxjs/webSocket';
import { describe, expect, inject, it } from 'vitest';
import * as websocketSubject from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';
import { Heard } from './Heard.js';

const server = serverAt(inject('serverUrl'));

describe('defect 12: a ReferenceError at construction in Node 20', () => {
  /** The shortest program there is: does it get a greeting? */
  async function program({ webSocket }: { webSocket(url: string): Observable<unknown> }) {
    const peer = await server.peer({ onOpen: [{ do: 'text', text: '"welcome"' }] });
    const heard = new Heard(webSocket(peer.url));
    const first = await heard.first;
    heard.subscription.unsubscribe();
    await peer.allGone();
    return first;
  }

  it('rxjs/webSocket has it wherever there is no global WebSocket, and only there; ours connects', async () => {
    // Node has a WebSocket of its own since 22; there this half of the defect does not apply, and runtime.test-d.ts shows the other.
    if ('WebSocket' in globalThis) expect(await program(rxjsWebSocket)).toBe('welcome');
    else await expect(program(rxjsWebSocket)).rejects.toThrow(ReferenceError);

    expect(await program(websocketSubject)).toBe('welcome');
  });
});
