import { afterAll, afterEach, beforeEach, expect, type TestContext } from 'vitest';
import { belongs, differences, type Difference } from '../../scripts/conformance/differences.mjs';
import { memoryServer } from './memoryServer.js';
import { conformance } from './suite/conformance.js';
import { seen } from './suite/seen.js';

// What a server in memory cannot do is an expectation: such a case must fail, and with the error that differences.mjs names.
const unexpected: string[] = [];

function differenceOf({ task }: TestContext): Difference | undefined {
  const path: string[] = [];
  for (let { suite } = task; suite; ({ suite } = suite)) path.unshift(suite.name);
  const [transport = '', ...sections] = path;
  const column = `${transport.replace('conformance: ', '')}-node20`; // the same on every Node
  return differences.find((one) => one.on.includes(column) && belongs(one, { section: sections.join(', '), name: task.name }));
}

beforeEach((context) => {
  const difference = differenceOf(context);
  if (!difference) return;
  (context.task as { fails?: boolean }).fails = true;
  seen(context, `≠ ${difference.name}`);
});

afterEach((context) => {
  const difference = differenceOf(context);
  const errors = context.task.result?.errors ?? [];
  if (difference && !errors.some(({ message }) => difference.fails.test(message))) unexpected.push(`${context.task.name}: ${JSON.stringify(errors)}`);
});

afterAll(() => expect(unexpected).toEqual([]));

const platform = memoryServer({});
conformance({ name: 'testing', terminates: false, WebSocketCtor: platform.server.WebSocket, server: platform.handle });

const ws = memoryServer({ like: 'ws' });
conformance({ name: 'testing-ws', terminates: true, isWs: true, WebSocketCtor: ws.server.WebSocket, server: ws.handle });
