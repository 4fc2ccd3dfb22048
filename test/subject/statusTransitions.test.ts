import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { BehaviorSubject, delay, NEVER, of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, onOpen, reconnectOnCode, suspendWhile, webSocket, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import type { TestConnection } from '../../src/testing/index.js';
import { manualServer } from './setUp.js';

const document = fileURLToPath(new URL('../../docs/semantics.md', import.meta.url));

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

/** A base subject, and one with operators that reconnects after 100 ms and can be suspended. */
class Scene {
  readonly last: () => TestConnection;
  readonly #isAway = new BehaviorSubject(false);
  readonly statuses: SocketStatus[] = [];
  readonly base: WebSocketSubject<number>;
  readonly derived: WebSocketSubject<number>;

  constructor(refuses = false) {
    const { last, server } = manualServer();
    this.last = last;
    const WebSocketCtor = refuses ? (Refusing as never) : server.WebSocket;
    this.base = webSocket<number>({ url: 'ws://fake', WebSocketCtor, onInvalid: { code: 4007 } });
    this.derived = this.base.pipeEvents(reconnectOnCode({ 1006: after(100), 1012: after(100), 4007: after(100) }), suspendWhile(this.#isAway));
    this.base.warnings.subscribe();
    this.base.status.subscribe((status) => this.statuses.push(status));
  }

  connect(derived = this.derived): this {
    derived.subscribe({ error: () => undefined });
    return this;
  }

  suspend(isAway: boolean): void {
    this.#isAway.next(isAway);
  }

  open(): this {
    this.last().accept();
    return this;
  }

  wait(): this {
    this.connect().last().drop();
    return this;
  }
}

class Refusing {
  constructor() {
    throw new SyntaxError('no URL');
  }
}

type Place = 'idle' | 'connecting' | 'open' | 'closing' | 'waiting: delay' | 'waiting: suspended' | 'closed';

/** From, to, why, and a scenario whose last transition it is. */
const transitions: readonly [from: Place, to: Place, because: string, program: () => Scene][] = [
  ['idle', 'connecting', 'a subscriber connects', () => new Scene().connect()],
  ['connecting', 'open', 'the opening handshake succeeds', () => new Scene().connect().open()],
  ['connecting', 'waiting: delay', 'the attempt fails, and a policy retries', () => {
    const scene = new Scene().connect();
    scene.last().drop();
    return scene;
  }],
  ['connecting', 'waiting: suspended', 'a signal suspends', () => {
    const scene = new Scene().connect();
    scene.suspend(true);
    return scene;
  }],
  ['connecting', 'closed', 'the attempt fails and no policy retries, or your code ends it', () => {
    const scene = new Scene();
    scene.connect(scene.base).last().drop();
    return scene;
  }],
  ['connecting', 'closed', 'the constructor refuses', () => new Scene(true).connect()],
  ['open', 'closing', 'our Close is sent', () => {
    const scene = new Scene().connect().open();
    scene.derived.close(4000, 'enough');
    return scene;
  }],
  ['open', 'waiting: delay', 'the connection ends, and a policy retries', () => {
    const scene = new Scene().connect().open();
    scene.last().close(1012, 'restart');
    return scene;
  }],
  ['open', 'waiting: suspended', 'the connection is lost while a signal suspends it', () => {
    const scene = new Scene();
    scene.connect(scene.base).open();
    return scene.connect(scene.base.pipeEvents(onOpen(() => throwError(() => new Error('no'))), suspendWhile(of(true))));
  }],
  ['open', 'closed', 'the connection ends, and no policy retries', () => {
    const scene = new Scene().connect().open();
    scene.last().close(4401, 'expired');
    return scene;
  }],
  ['open', 'connecting', 'a subscriber begins the next session while the last one still sends its outbox', () => {
    const scene = new Scene();
    scene.connect(scene.base.pipeEvents(onOpen(() => NEVER))).open();
    scene.base.complete();
    return scene.connect();
  }],
  ['closing', 'closed', 'the server answers', () => {
    const scene = new Scene().connect().open();
    scene.derived.close();
    scene.last().close(1000);
    return scene;
  }],
  ['closing', 'closed', 'the server does not answer in time', () => {
    const scene = new Scene().connect().open();
    scene.derived.close();
    vi.advanceTimersByTime(5_000);
    return scene;
  }],
  ['closing', 'waiting: delay', 'the Close was for a bad message, and a policy retries; or `reconnect()` was called', () => {
    const scene = new Scene().connect().open();
    scene.last().sendText('{');
    scene.last().close(4007);
    return scene;
  }],
  ['closing', 'waiting: suspended', 'a signal suspends', () => {
    const scene = new Scene().connect().open();
    scene.suspend(true);
    scene.last().close(1000);
    return scene;
  }],
  ['closing', 'connecting', 'a subscriber begins the next session after your code has ended the last one', () => {
    const scene = new Scene().connect().open();
    scene.derived.close();
    return scene.connect();
  }],
  ['waiting: delay', 'connecting', 'the wait is over, or `retryNow()` or `reconnect()` was called', () => {
    const scene = new Scene().wait();
    vi.advanceTimersByTime(100);
    return scene;
  }],
  ['waiting: delay', 'waiting: suspended', 'a signal suspends', () => {
    const scene = new Scene().wait();
    scene.suspend(true);
    return scene;
  }],
  ['waiting: delay', 'closed', 'your code ends the session', () => {
    const scene = new Scene().wait();
    scene.derived.close(4000);
    return scene;
  }],
  ['waiting: suspended', 'connecting', 'the signal ends the suspension', () => {
    const scene = new Scene().connect();
    scene.suspend(true);
    scene.suspend(false);
    return scene;
  }],
  ['waiting: suspended', 'waiting: delay', 'the signal ends the suspension, and a retry is not due yet', () => {
    const scene = new Scene().wait();
    scene.suspend(true);
    scene.suspend(false);
    return scene;
  }],
  ['waiting: suspended', 'closed', 'your code ends the session', () => {
    const scene = new Scene().connect();
    scene.suspend(true);
    scene.derived.close(4000);
    return scene;
  }],
  ['closed', 'connecting', 'a subscriber begins the next session', () => {
    const scene = new Scene();
    scene.connect(scene.base).last().drop();
    return scene.connect();
  }],
  ['closed', 'connecting', 'a policy retries a close that a custom operator has delayed: this begins the next session', () => {
    const scene = new Scene();
    scene.base.events.pipe(delay(50), reconnectOnCode({ 1012: after(100) })).subscribe({ error: () => undefined });
    scene.last().accept();
    scene.last().close(1012);
    vi.advanceTimersByTime(150);
    return scene;
  }],
];

function placeOf(status: SocketStatus): Place {
  return status.state === 'waiting' && status.why !== 'offline' ? `waiting: ${status.why}` : (status.state as Place);
}

/** The changes of state, without those of `queued` alone. */
function changesOf(statuses: readonly SocketStatus[]): { from: Place; to: Place; status: SocketStatus }[] {
  return statuses.flatMap((status, index) => {
    const before = statuses[index - 1];
    return before === undefined || placeOf(before) === placeOf(status) ? [] : [{ from: placeOf(before), to: placeOf(status), status }];
  });
}

/** The fields of a status besides its state, in the words of the table. */
function explained(status: SocketStatus): string {
  return Object.entries(status)
    .filter(([key]) => !['state', 'why', 'queued', 'retryNow'].includes(key))
    .map(([key, value]) => {
      if (key === 'since') return '`since` now';
      if (key === 'until') return value === null ? '`until` null' : `\`until\` in ${(value as number) - Date.now()} ms`;
      if (key !== 'closeEvent') return `\`${key}\` ${typeof value === 'string' ? `'${value}'` : String(value)}`;
      const event = value as { code: number; reason: string; wasClean: boolean; initiator: string } | null;
      return event === null ? '`closeEvent` null' : `\`closeEvent\` ${event.code}${event.reason && ` '${event.reason}'`}, ${event.wasClean ? 'clean' : 'unclean'}, '${event.initiator}'`;
    })
    .join('; ');
}

describe('status', () => {
  const rows: string[] = [];

  it.each(transitions)('S10: goes from %s to %s when %s', (from, to, because, program) => {
    const { statuses } = program();
    const last = changesOf(statuses).at(-1);
    expect([last?.from, last?.to]).toEqual([from, to]);
    if (last === undefined) return;
    const since = 'since' in last.status ? last.status.since : Date.now();
    expect(since, 'the time at which it began').toBe(Date.now());
    rows.push(`| \`${from}\` | \`${to}\` | ${because} | ${explained(last.status)} |`);
  });

  it('has its transitions in docs/semantics.md; `npx vitest run --project=node test/subject/statusTransitions.test.ts -u` writes them', async () => {
    const table = ['| from | to | when | its fields, for instance |', '|---|---|---|---|', ...rows].join('\n');
    const written = readFileSync(document, 'utf8').replace(
      /<!-- transitions of the status -->[^]*?<!-- end of the transitions of the status -->/,
      () => `<!-- transitions of the status -->\n${table}\n<!-- end of the transitions of the status -->`,
    );
    expect(written).toContain(table);
    await expect(written).toMatchFileSnapshot(document);
  });
});
