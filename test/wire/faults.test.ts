import { describe, expect, it } from 'vitest';
import { ending, endedByUs, garbled, harmless, silent, unanswered } from './cases.js';
import { check } from './check.js';
import { transports } from './transports.js';

const clean = '1000 local';

describe.each(transports)('S13: on %s nothing is lost in silence, doubled or out of order', (_name, WebSocketCtor) => {
  it.concurrent.for([...harmless, ...ending, ...garbled])('%s', async (faulty) => {
    expect(await check(faulty, { WebSocketCtor })).toBe(clean);
  });
  it.concurrent.for(unanswered)('%s', async (faulty) => {
    expect(await check(faulty, { WebSocketCtor, timeouts: { connect: 150 } })).toBe(clean);
  });
  it.concurrent.for(silent)('%s', async (faulty) => {
    expect(await check(faulty, { WebSocketCtor, timeouts: { silence: 150 } })).toBe(clean);
  });
  it.concurrent.for(endedByUs)('%s', async (faulty) => {
    await check(faulty, { WebSocketCtor, endedByClient: 0, timeouts: { close: 150 } });
  });
});
