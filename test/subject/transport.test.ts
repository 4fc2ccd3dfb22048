import { once } from 'node:events';
import { lastValueFrom, take, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { after, closeEvent, reconnectOnCode, webSocket } from '../../src/index.js';
import { localServer } from '../server/localServer.js';
import { recorded } from './recorded.js';
import { setUp } from './setUp.js';

describe('transport', () => {
  const local = localServer();

  it('is a socket that a server accepted: the same streams on its side', async () => {
    const accepted = (once(local.server, 'connection') as Promise<[WebSocket]>).then(([socket]) =>
      webSocket<string>({ transport: () => socket }),
    );
    const client = webSocket<string>(local.url);
    const answers = lastValueFrom(client.pipe(take(2), toArray()));
    const side = await accepted;
    const heard: string[] = [];
    const end = lastValueFrom(side.events.pipe(closeEvent()));
    side.subscribe((message) => {
      heard.push(message);
      side.next(`echo ${message}`);
    });
    client.next('one');
    client.next('two');
    expect(await answers).toEqual(['echo one', 'echo two']);
    expect(heard).toEqual(['one', 'two']);
    expect(await end).toMatchObject({ code: 1000, wasClean: true, initiator: 'remote' });
  });

  it('S3: that throws is a failed attempt with that cause, and so is one that is closed already', async () => {
    const broken = webSocket<string>({
      url: local.url,
      transport: () => {
        throw new Error('none left');
      },
    });
    expect(await lastValueFrom(broken.events.pipe(closeEvent()))).toMatchObject({ code: 1006, opened: false, cause: new Error('none left') });

    const gone = new WebSocket(local.url);
    await once(gone, 'open');
    gone.close();
    await once(gone, 'close');
    const late = webSocket<string>({ url: local.url, transport: () => gone });
    expect(await lastValueFrom(late.events.pipe(closeEvent()))).toMatchObject({ code: 1006, opened: false });
  });

  it('receives the attempt', () => {
    const asked: unknown[] = [];
    const { last, server } = setUp();
    const socket = webSocket<number>({
      url: 'ws://fake',
      transport: ({ attempt, closeEvent: last }) => {
        asked.push([attempt, last?.code]);
        return new server.WebSocket('ws://elsewhere');
      },
    });
    const seen = recorded(socket.pipeEvents(reconnectOnCode(after(0))).events);
    last().accept();
    last().close(1012);
    expect(asked).toEqual([[0, undefined], [1, 1012]]); // prettier-ignore
    expect(seen.events.at(1)).toMatchObject({ type: 'open', url: 'ws://fake' });
    seen.unsubscribe();
  });

  it('transportOptions reach the constructor in Node: the server sees a header', async () => {
    const request = once(local.server, 'connection') as Promise<[WebSocket, { headers: Record<string, string> }]>;
    const socket = webSocket<string>({ url: local.url, transportOptions: { headers: { 'x-tenant': 'seven' } } });
    const subscription = socket.subscribe();
    const [, { headers }] = await request;
    expect(headers['x-tenant']).toBe('seven');
    subscription.unsubscribe();
  });

  it('transportOptions of a function: the server sees a fresh header on each connection', async () => {
    const tokens: unknown[] = [];
    local.server.on('connection', (accepted, { headers }) => {
      tokens.push(headers.authorization);
      accepted.close(tokens.length < 3 ? 1012 : 1000);
    });
    const socket = webSocket<string>({
      url: local.url,
      transportOptions: async ({ attempt }) => ({ headers: { authorization: `Bearer ${await Promise.resolve(attempt)}` } }),
    }).pipeEvents(reconnectOnCode(({ closeEvent: { code } }) => (code === 1012 ? 0 : null)));
    await lastValueFrom(socket.events);
    expect(tokens).toEqual(['Bearer 0', 'Bearer 1', 'Bearer 2']);
  });
});
