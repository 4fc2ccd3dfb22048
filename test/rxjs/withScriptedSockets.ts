import { afterEach, beforeEach, vi } from 'vitest';
import { ScriptedSocket } from './ScriptedSocket.js';

/** For each test of a file, the platform's WebSocket is a `ScriptedSocket`. */
export function withScriptedSockets(): void {
  beforeEach(() => {
    ScriptedSocket.made = [];
    vi.stubGlobal('WebSocket', ScriptedSocket);
  });
  afterEach(() => vi.unstubAllGlobals());
}
