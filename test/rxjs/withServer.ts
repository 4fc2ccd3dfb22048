import { afterEach, beforeEach, vi } from 'vitest';
import type { TestConnection, TestServer } from '../../src/testing/index.js';
import { manualServer } from '../subject/setUp.js';

/** For each test of a file, the platform's WebSocket is that of a server in memory. */
export function withServer(): { readonly server: TestServer; last(): TestConnection } {
  let made = manualServer();
  beforeEach(() => {
    made = manualServer({ like: 'platform' });
    made.server.install();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    made.server.restore();
  });
  return {
    get server() {
      return made.server;
    },
    last: () => made.last(),
  };
}
