import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { BehaviorSubject, delay, NEVER, of, throwError } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, onOpen, reconnectOnCode, stop, suspendWhile, webSocket, type SocketStatus, type WebSocketSubject } from '../../src/index.js';
import { fakeSockets } from './FakeSocket.js';
import { flavour, play, step } from './play.js';

const document = fileURLToPath(new URL('../../docs/semantics.md', import.meta.url));

beforeEach(() => vi.useFakeTimers({ now: 0 }));
afterEach(() => vi.useRealTimers());

/** A subject with a face that reconnects after 100 ms, can be suspended, and what happens to it. */
class Scene {
  readonly sockets = fakeSockets();
  readonly #isAway = new BehaviorSubject(false);
  readonly statuses: SocketStatus[] = [];
  readonly base: WebSocketSubject<number>;
  readonly face: WebSocketSubject<number>;

  constructor(refuses = false) {
    const WebSocketCtor = refuses ? (Refusing as never) : this.sockets.WebSocketCtor;
    this.base = webSocket<number>({ url: 'ws://fake', WebSocketCtor, onInvalid: { code: 4007 } });
    this.face = this.base.pipeEvents(reconnectOnCode({ 1006: stop, 1012: after(100), 4007: after(100) }), suspendWhile(this.#isAway));
    this.base.warnings.subscribe();
    this.base.status.subscribe((status) => this.statuses.push(status));
  }

  connect(face = this.face): this {
    face.subscribe({ error: () => undefined });
    return this;
  }

  suspend(isAway: boolean): void {
    this.#isAway.next(isAway);
  }

  open(): this {
    this.sockets.last.open();
    return this;
  }

  wait(): this {
    this.connect().sockets.last.closeClean(1012);
    return this;
  }
}

class Refusing {
  constructor() {
    throw new SyntaxError('no URL');
  }
}

type Place = 'idle' | 'connecting' | 'open' | 'closing' | 'waiting: delay' | 'waiting: suspended' | 'closed';

/** From, to, because, and the program that shows it: the transition is the last one that it makes. */
const transitions: readonly [from: Place, to: Place, because: string, program: () => Scene][] = [
  ['idle', 'connecting', 'somebody subscribes', () => new Scene().connect()],
  ['connecting', 'open', 'the opening handshake has succeeded', () => new Scene().connect().open()],
  ['connecting', 'waiting: delay', 'the attempt has failed, and a policy retries', () => {
    const scene = new Scene().connect();
    scene.sockets.last.closeClean(1012);
    return scene;
  }],
  ['connecting', 'waiting: suspended', 'a signal suspends', () => {
    const scene = new Scene().connect();
    scene.suspend(true);
    return scene;
  }],
  ['connecting', 'closed', 'the attempt has failed for good, or the program ends it', () => {
    const scene = new Scene().connect();
    scene.sockets.last.drop();
    return scene;
  }],
  ['connecting', 'closed', 'the constructor refuses', () => new Scene(true).connect()],
  ['open', 'closing', 'our Close is sent', () => {
    const scene = new Scene().connect().open();
    scene.face.close(4000, 'enough');
    return scene;
  }],
  ['open', 'waiting: delay', 'the connection has ended, and a policy retries', () => {
    const scene = new Scene().connect().open();
    scene.sockets.last.closeClean(1012, 'restart');
    return scene;
  }],
  ['open', 'waiting: suspended', 'the connection is lost in the moment in which a signal suspends', () => {
    const scene = new Scene();
    scene.connect(scene.base).open();
    return scene.connect(scene.base.pipeEvents(onOpen(() => throwError(() => new Error('no'))), suspendWhile(of(true))));
  }],
  ['open', 'closed', 'the connection has ended, and nobody retries', () => {
    const scene = new Scene().connect().open();
    scene.sockets.last.closeClean(4401, 'expired');
    return scene;
  }],
  ['open', 'connecting', 'somebody subscribes while what an ended session has left is being sent: the next session', () => {
    const scene = new Scene();
    scene.connect(scene.base.pipeEvents(onOpen(() => NEVER))).open();
    scene.base.complete();
    return scene.connect();
  }],
  ['closing', 'closed', 'the peer has answered', () => {
    const scene = new Scene().connect().open();
    scene.face.close();
    scene.sockets.last.closeClean(1000);
    return scene;
  }],
  ['closing', 'closed', 'the peer has not answered in time', () => {
    const scene = new Scene().connect().open();
    scene.face.close();
    vi.advanceTimersByTime(5_000);
    return scene;
  }],
  ['closing', 'waiting: delay', 'the Close was for a bad message, and a policy retries; or another connection takes the place', () => {
    const scene = new Scene().connect().open();
    scene.sockets.last.onmessage({ data: '{' });
    scene.sockets.last.closeClean(4007);
    return scene;
  }],
  ['closing', 'waiting: suspended', 'a signal suspends', () => {
    const scene = new Scene().connect().open();
    scene.suspend(true);
    scene.sockets.last.closeClean(1000);
    return scene;
  }],
  ['closing', 'connecting', 'somebody subscribes after an end by the program: the next session', () => {
    const scene = new Scene().connect().open();
    scene.face.close();
    return scene.connect();
  }],
  ['waiting: delay', 'connecting', 'the time has come, or `retryNow()` was called', () => {
    const scene = new Scene().wait();
    vi.advanceTimersByTime(100);
    return scene;
  }],
  ['waiting: delay', 'waiting: suspended', 'a signal suspends', () => {
    const scene = new Scene().wait();
    scene.suspend(true);
    return scene;
  }],
  ['waiting: delay', 'closed', 'the program ends the session', () => {
    const scene = new Scene().wait();
    scene.face.close(4000);
    return scene;
  }],
  ['waiting: suspended', 'connecting', 'the signal has changed', () => {
    const scene = new Scene().connect();
    scene.suspend(true);
    scene.suspend(false);
    return scene;
  }],
  ['waiting: suspended', 'waiting: delay', 'the signal has changed, and the time of a retry has not come', () => {
    const scene = new Scene().wait();
    scene.suspend(true);
    scene.suspend(false);
    return scene;
  }],
  ['waiting: suspended', 'closed', 'the program ends the session', () => {
    const scene = new Scene().connect();
    scene.suspend(true);
    scene.face.close(4000);
    return scene;
  }],
  ['closed', 'connecting', 'somebody subscribes: the next session', () => {
    const scene = new Scene().connect();
    scene.sockets.last.drop();
    return scene.connect();
  }],
  ['closed', 'waiting: delay', "somebody's operator has held the close back, and a policy retries after it", () => {
    const scene = new Scene();
    scene.base.events.pipe(delay(50), reconnectOnCode({ 1012: after(100) })).subscribe({ error: () => undefined });
    scene.sockets.last.closeClean(1012);
    vi.advanceTimersByTime(50);
    return scene;
  }],
];

function placeOf(status: SocketStatus): Place {
  return status.state === 'waiting' && status.why !== 'offline' ? `waiting: ${status.why}` : (status.state as Place);
}

/** The changes of place, without those of `queued` alone. */
function changesOf(statuses: readonly SocketStatus[]): { from: Place; to: Place; status: SocketStatus }[] {
  return statuses.flatMap((status, index) => {
    const before = statuses[index - 1];
    return before === undefined || placeOf(before) === placeOf(status) ? [] : [{ from: placeOf(before), to: placeOf(status), status }];
  });
}

/** What a status says besides where it is, in the words of the table. */
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
    expect(since, 'tells when it began').toBe(Date.now());
    rows.push(`| \`${from}\` | \`${to}\` | ${because} | ${explained(last.status)} |`);
  });

  it('S10: makes no other transition, whatever the order of calls and events', { timeout: 60_000 }, () => {
    const known = new Set(transitions.map(([from, to]) => `${from} → ${to}`));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30, size: 'max' }), flavour, (steps, one) => {
        const seen = changesOf(play(steps, one)).map(({ from, to }) => `${from} → ${to}`);
        expect(seen.filter((transition) => !known.has(transition))).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it('has its transitions in docs/semantics.md; `npx vitest run --project=node test/subject/statusTransitions.test.ts -u` writes them', async () => {
    const table = ['| from | to | when | what it says, for instance |', '|---|---|---|---|', ...rows].join('\n');
    const written = readFileSync(document, 'utf8').replace(
      /<!-- transitions of the status -->[^]*?<!-- end of the transitions of the status -->/,
      () => `<!-- transitions of the status -->\n${table}\n<!-- end of the transitions of the status -->`,
    );
    expect(written).toContain(table);
    await expect(written).toMatchFileSnapshot(document);
  });
});
