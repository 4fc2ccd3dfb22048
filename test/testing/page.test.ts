import { describe, expect, it } from 'vitest';
import { pageCached, pageWake, suspendWhile, webSocket } from '../../src/index.js';
import { testServer } from '../../src/testing/index.js';
import { record } from './record.js';

describe('server.page', () => {
  it('gives its signals to the functions for pages, in run()', () => {
    const server = testServer();
    const seen: unknown[] = [];
    const [wake, cached] = server.run(() => [pageWake(), pageCached()]);
    wake.subscribe(() => seen.push('wake'));
    cached.subscribe((isCached) => seen.push(isCached));
    const { page } = server;
    for (const verb of ['offline', 'online', 'hide', 'show', 'freeze', 'resume', 'cache', 'restore'] as const) {
      seen.push(verb);
      page[verb]();
    }
    expect(seen).toEqual(['offline', 'online', 'wake', 'hide', 'show', 'wake', 'freeze', 'resume', 'wake', 'cache', true, 'restore', 'wake', false]);
  });

  it('closes connections that are suspended while it is cached', async () => {
    const server = testServer();
    server.install();
    try {
      const { events } = record(webSocket<unknown>('wss://host').pipeEvents(suspendWhile(pageCached())).events);
      const connection = await server.connection();
      server.page.cache();
      expect(connection.closedWith).toMatchObject({ code: 1000 });
      connection.answerClose();
      expect(events.at(-1)).toMatchObject({ type: 'reconnecting', delay: Infinity });
      server.page.restore();
      server.expectOne().accept();
      expect(events.at(-1)).toMatchObject({ type: 'open' });
    } finally {
      server.restore();
    }
  });
});
