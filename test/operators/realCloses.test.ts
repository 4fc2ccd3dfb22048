import { filter, firstValueFrom, lastValueFrom, take, toArray } from 'rxjs';
import { afterEach, describe, expect, inject, it, vi } from 'vitest';
import { after, onOpen, reconnectOnCode, stop, webSocket, type SocketEvent } from '../../src/index.js';
import { serverAt } from '../server/serverAt.js';

const server = serverAt(inject('serverUrl'));

afterEach(() => {
  vi.restoreAllMocks();
});

const withoutCode = { do: 'close', code: null } as const;
const reconnecting = filter((event: SocketEvent<unknown>) => event.type === 'reconnecting');

describe('a close without a code', () => {
  it('of a server that restarts is retried by default', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(0);
    const endpoint = await server.peer({ onOpen: [withoutCode] }, { onOpen: [withoutCode] }, { onOpen: [{ do: 'text', text: '"back"' }] });
    const socket = webSocket<unknown>(endpoint.url).pipeEvents(reconnectOnCode());
    const retries = firstValueFrom(socket.events.pipe(reconnecting, take(2), toArray()));
    expect(await firstValueFrom(socket)).toBe('back');
    expect(await retries).toMatchObject([{ closeEvent: { code: 1005, wasClean: true, initiator: 'remote' } }, { closeEvent: { code: 1005 } }]);
    expect(await endpoint.count()).toBe(3);
  });

  it('with 1000 still stops', async () => {
    const endpoint = await server.peer({ onOpen: [{ do: 'close', code: 1000 }] });
    expect(await lastValueFrom(webSocket<unknown>(endpoint.url).pipeEvents(reconnectOnCode()).events)).toMatchObject({ code: 1000, initiator: 'remote' });
    expect(await endpoint.count()).toBe(1);
  });
});

describe('a Close of ours that the server answers without a code', () => {
  const refusing = { onOpen: [{ do: 'text', text: 'no JSON' }], onClose: { code: null } } as const;

  it('is decided by the code that was sent: it stops by default', async () => {
    const endpoint = await server.peer({ ...refusing, onOpen: [...refusing.onOpen] });
    const socket = webSocket<unknown>({ url: endpoint.url, onInvalid: { code: 4401, reason: 'unreadable' } });
    socket.warnings.subscribe();
    const end = await lastValueFrom(socket.pipeEvents(reconnectOnCode()).events);
    expect(end).toMatchObject({ type: 'close', code: 1005, wasClean: true, initiator: 'local', sent: { code: 4401, reason: 'unreadable' } });
    expect(await endpoint.count()).toBe(1);
  });

  it('as that of a refused login, stops by default', async () => {
    const endpoint = await server.peer({ onOpen: [{ do: 'text', text: '"refused"' }], onClose: { code: null } });
    const socket = webSocket<string>(endpoint.url).pipeEvents(
      onOpen(async (open) => {
        if ((await firstValueFrom(open.messages)) === 'refused') throw Object.assign(new Error('refused'), { code: 4401, reason: 'login refused' });
      }),
      reconnectOnCode(),
    );
    socket.next('secret plans');
    const end = await lastValueFrom(socket.events);
    expect(end).toMatchObject({ type: 'close', code: 1005, wasClean: true, initiator: 'local', sent: { code: 4401, reason: 'login refused' } });
    expect(await endpoint.logs()).toMatchObject([{ texts: [], closeFrames: [{ code: 4401, reason: 'login refused' }] }]);
  });

  it('is retried where the table says so for the code that was sent', async () => {
    const endpoint = await server.peer({ ...refusing, onOpen: [...refusing.onOpen] }, { onOpen: [{ do: 'text', text: '1' }] });
    const socket = webSocket<unknown>({ url: endpoint.url, onInvalid: { code: 4401 } });
    socket.warnings.subscribe();
    expect(await firstValueFrom(socket.pipeEvents(reconnectOnCode({ 1005: stop, 4401: after(0) })))).toBe(1);
    expect(await endpoint.count()).toBe(2);
  });
});
