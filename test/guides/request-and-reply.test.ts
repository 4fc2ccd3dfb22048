import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { firstValueFrom, lastValueFrom, type Observable } from 'rxjs';
import * as rxjs from 'rxjs';
import ts from 'typescript';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import * as library from '../../src/index.js';
import { webSocket, type WebSocketSubject } from '../../src/index.js';
import { codeBlocksOfMarkdown } from '../package/codeBlocks.js';
import { serverAt, type Peer } from '../server/serverAt.js';

type Request = { id: number; ask: string };
type Reply = { id: number; answer: string };

/** Compiles the code of the guide and returns its function. */
function requestOfGuide(): (ask: string, over: WebSocketSubject<Reply, Request>) => Observable<Reply> {
  const page = readFileSync(new URL('../../docs/guides/request-and-reply.md', import.meta.url), 'utf8');
  const code = codeBlocksOfMarkdown('request-and-reply.md', page)[0]?.code ?? '';
  const { outputText } = ts.transpileModule(code, { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } });
  const modules: Record<string, unknown> = { rxjs, 'websocket-subject': library };
  const exported: { request?: ReturnType<typeof requestOfGuide> } = {};
  compileFunction(outputText, ['require', 'exports'])((name: string) => modules[name], exported);
  if (!exported.request) throw new Error('the guide exports no request()');
  return exported.request;
}

let peer: Peer;
let socket: WebSocketSubject<Reply, Request>;
const request = requestOfGuide();

beforeEach(async () => {
  peer = await serverAt(inject('serverUrl')).peer();
  socket = webSocket<Reply, Request>(peer.url);
});
afterEach(async () => {
  socket.unsubscribe();
  await peer.dispose();
});

it('gives each request its own reply, in any order', async () => {
  const answers = Promise.all(['one', 'two'].map((ask) => lastValueFrom(request(ask, socket))));
  const asked = (await peer.at(0).jsons(2)) as Request[];
  for (const { id, ask } of asked.reverse()) await peer.at(0).json({ id, answer: `${ask}!` });
  expect((await answers).map(({ answer }) => answer)).toEqual(['one!', 'two!']);
});

it('errors if the session ends cleanly before the reply', async () => {
  const answer = firstValueFrom(request('one', socket));
  await peer.at(0).jsons(1);
  const failed = expect(answer).rejects.toThrow('the session ended before the reply');
  await peer.at(0).close(1000);
  await failed;
});

it('errors with the error of the session if that ends uncleanly', async () => {
  const answer = firstValueFrom(request('one', socket));
  await peer.at(0).jsons(1);
  const failed = expect(answer).rejects.toMatchObject({ name: 'WebSocketCloseError', code: 1006 });
  await peer.at(0).end();
  await failed;
});

it('errors where the request cannot be sent', async () => {
  const full = webSocket<Reply, Request>({ url: peer.url, outbox: { maxValues: 0 } });
  await expect(firstValueFrom(request('one', full))).rejects.toMatchObject({ name: 'OutboxOverflowError' });
});
