import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { recorded } from './recorded.js';
import { lastClose, setUpFake } from './setUp.js';

/** The `close` events of React Native: 0.76 leaves `wasClean` out, 0.88 has it, and it is false always. */
const versions = [
  ['0.76', {}],
  ['0.88', { wasClean: false }],
] as const;

describe.each(versions)('S3: the close events of React Native %s', (_version, wasClean) => {
  beforeEach(() => vi.stubGlobal('navigator', { product: 'ReactNative' }));
  afterEach(() => vi.unstubAllGlobals());

  const open = () => {
    const { socket, sockets } = setUpFake();
    const seen = recorded(socket.events);
    sockets.last.open();
    const end = (event: object): unknown[] => {
      sockets.last.readyState = 3;
      sockets.last.onclose({ type: 'close', ...wasClean, ...event });
      return seen.log.slice(2);
    };
    return { socket, seen, end };
  };

  it.each([1000, 1001, 1012, 4401])('are clean with code %i', (code) => {
    expect(open().end({ code, reason: 'bye' })).toEqual([`close ${code} bye clean remote`, 'complete']);
  });

  it('are clean with the code of our own Close', () => {
    const { socket, end } = open();
    socket.close(4000, 'bye');
    expect(end({ code: 4000, reason: 'bye' })).toEqual(['close 4000 bye clean local', 'complete']);
  });

  it.each([
    ['1006', { code: 1006, reason: 'Software caused connection abort' }, 1006, 'transport'],
    ['1005', { code: 1005, reason: '' }, 1005, 'remote'],
    ['1015', { code: 1015 }, 1015, 'remote'],
    ['0', { code: 0, reason: '' }, 1006, 'transport'],
    ['null', { code: null, reason: null }, 1006, 'transport'],
    ['undefined', {}, 1006, 'transport'],
  ])('are not clean with code %s', (_code, event, code, initiator) => {
    expect(open().end(event)).toEqual([`close ${code} unclean ${initiator}`, 'WebSocketCloseError']);
  });

  it("are not clean when iOS reports a drop as 1001 'Stream end encountered'; that is the cause", () => {
    const { seen, end } = open();
    expect(end({ code: 1001, reason: 'Stream end encountered' })).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect(lastClose(seen)).toMatchObject({ reason: '', cause: 'Stream end encountered' });
  });
});
