import { EMPTY, filter, firstValueFrom, NEVER, Subject, tap, throwError, type Observable } from 'rxjs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, onOpen, reconnectOnCode, WebSocketTimeoutError, type SocketOpen, type SocketOperator } from '../../src/index.js';
import { recorded } from '../subject/recorded.js';
import { setUp as setUpSocket } from '../subject/setUp.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount(), 'no timer is left').toBe(0);
  vi.useRealTimers();
});

function setUp(...operators: SocketOperator<number, number>[]) {
  const all = setUpSocket({ connectTimeout: 300 });
  return { ...all, derived: all.socket.pipeEvents(...operators) };
}
const failing = (): never => {
  throw new Error('broken');
};
const finish = ({ socket, last }: Pick<ReturnType<typeof setUp>, 'socket' | 'last'>): void => {
  socket.close();
  last().close(1000);
};

describe('the effect', () => {
  it('runs once per connection, however many subscribe, and whenever they do', () => {
    const effect = vi.fn((_open: SocketOpen<number>) => undefined);
    const all = setUp(onOpen(effect), reconnectOnCode(after(0)));
    recorded(all.derived.events);
    recorded(all.derived.events);
    all.last().accept();
    recorded(all.derived.events);
    expect(effect).toHaveBeenCalledTimes(1);
    all.last().drop();
    all.last().accept();
    expect(effect.mock.calls.map(([open]) => open.attempt)).toEqual([0, 1]);
    finish(all);
  });

  it('runs once per connection when one call of onOpen is used for several streams', () => {
    const effect = vi.fn();
    const operator = onOpen<number, number>(effect);
    const all = setUp(operator);
    recorded(all.derived.events);
    recorded(all.socket.events.pipe(operator));
    all.last().accept();
    recorded(all.socket.pipeEvents(operator).events);
    expect(effect).toHaveBeenCalledTimes(1);
    finish(all);
  });

  it('S12: sends before the outbox, which is sent when its work is done, before later values', () => {
    const work = new Subject<void>();
    const all = setUp(
      onOpen((open) => {
        open.send(0);
        return work;
      }),
    );
    all.derived.next(1);
    recorded(all.derived.events);
    all.last().accept();
    all.derived.next(2);
    expect(all.last().received).toEqual([0]);
    work.complete();
    all.derived.next(3);
    expect(all.last().received).toEqual([0, 1, 2, 3]);
    finish(all);
  });

  it('S12: may wait for a message of its connection', async () => {
    const all = setUp(onOpen((open) => firstValueFrom(open.messages.pipe(filter((message) => message === 7)))));
    all.derived.next(1);
    const seen = recorded(all.derived.events);
    all.last().accept();
    all.last().send(6);
    await Promise.resolve();
    expect(all.last().received).toEqual([]);
    all.last().send(7);
    await vi.advanceTimersByTimeAsync(0);
    expect(all.last().received).toEqual([1]);
    expect(seen.log).toEqual(['connecting 0', 'open 0', 'message 6', 'message 7']);
    finish(all);
  });

  it.each([
    ['throws', () => { throw new Error('refused'); }], // prettier-ignore
    ['gives an observable that errors', () => throwError(() => new Error('refused'))],
  ])('S12: that %s aborts the connection with that cause; the outbox is kept, and the policy decides', (_what, effect) => {
    let isBroken = true;
    const all = setUp(
      onOpen(() => (isBroken ? effect() : EMPTY)),
      reconnectOnCode(after(10)),
    );
    all.derived.next(1);
    const seen = recorded(all.derived.events);
    all.last().accept();
    const { closeEvent } = seen.events.at(-1) as { closeEvent?: unknown };
    expect(closeEvent).toMatchObject({ code: 1006, initiator: 'transport', opened: true, cause: new Error('refused') });
    expect(all.last().received).toEqual([]);
    isBroken = false;
    vi.advanceTimersByTime(10);
    all.last().accept();
    expect(all.last().received).toEqual([1]);
    finish(all);
  });

  const refusal = { code: 4401, reason: 'login refused' };
  const refusals: [string, (thrown: unknown) => Promise<unknown> | Observable<unknown>][] = [
    ['throws', (thrown) => { throw thrown; }], // prettier-ignore
    ['gives a promise that rejects', (thrown) => new Promise((_, reject) => { reject(thrown); })], // prettier-ignore
    ['gives an observable that errors', (thrown) => throwError(() => thrown)],
  ];

  it.each(refusals)('S12: that %s with a code and a reason that may be sent closes with them: by default that stops', async (_what, effect) => {
    const all = setUp(onOpen(() => effect(refusal)), reconnectOnCode()); // prettier-ignore
    all.derived.next(1);
    const seen = recorded(all.derived.events);
    all.last().accept();
    all.last().ignoreClose();
    await vi.advanceTimersByTimeAsync(0);
    expect([all.last().closedWith, all.last().received]).toEqual([{ code: 4401, reason: 'login refused' }, []]);
    // A server that answers without a code.
    all.last().close(1005);
    expect(seen.log.slice(2)).toEqual(['close 1005 clean local', 'complete']);
    expect(seen.events.at(-1)).toMatchObject({ sent: refusal, opened: true });
    expect(all.server.connections).toHaveLength(1);
  });

  it.each(refusals)('S12: that %s with them keeps the outbox, and the policy decides', async (_what, effect) => {
    let isRefused = true;
    const all = setUp(onOpen(() => (isRefused ? effect(refusal) : EMPTY)), reconnectOnCode({ 4401: after(10) })); // prettier-ignore
    all.derived.next(1);
    const seen = recorded(all.derived.events);
    all.last().accept();
    await vi.advanceTimersByTimeAsync(0); // The server answers our Close.
    isRefused = false;
    expect(seen.log.at(-1)).toBe('reconnecting 1 in 10');
    vi.advanceTimersByTime(10);
    all.last().accept();
    expect(all.last().received).toEqual([1]);
    finish(all);
  });

  it.each([
    ['a code that is not sent', { code: 1001, reason: '' }],
    ['a code in a string', { code: '4401' }],
    ['a reason that is too long', { code: 4401, reason: 'x'.repeat(124) }],
    ['an error of Node', Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })],
    ['nothing', undefined],
  ])('S12: that throws %s aborts the connection', (_what, thrown) => {
    const all = setUp(onOpen(() => { throw thrown; })); // prettier-ignore
    const seen = recorded(all.derived.events);
    all.last().accept();
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect((seen.events.at(-1) as { cause?: unknown }).cause).toBe(thrown);
  });

  it('S3: such a Close that is never answered ends after closeTimeout, and is still decided by its code', () => {
    const all = setUp(onOpen(() => throwError(() => refusal)), reconnectOnCode({ 1006: after(0) })); // prettier-ignore
    const seen = recorded(all.derived.events);
    all.last().accept();
    vi.advanceTimersByTime(60_000);
    expect(seen.log.slice(2)).toEqual(['close 1006 unclean local', 'WebSocketCloseError']);
    expect(all.server.connections).toHaveLength(1);
  });

  it('S5: that throws after it has closed the session changes nothing', () => {
    const all = setUp(onOpen((open) => { open.close(4000); throw refusal; }), reconnectOnCode({ 4401: after(0) })); // prettier-ignore
    const seen = recorded(all.derived.events);
    all.last().accept();
    expect(all.last().closedWith).toEqual({ code: 4000, reason: '' });
    all.last().close(4000);
    expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
  });

  it('S5: that is refused while complete() waits for it closes with its code, finally, and leaves the outbox unsent', () => {
    const work = new Subject<void>();
    const all = setUp(onOpen(() => work), reconnectOnCode({ 4401: after(0) })); // prettier-ignore
    all.derived.next(1);
    const seen = recorded(all.derived.events);
    all.last().accept();
    all.derived.complete();
    work.error(refusal);
    expect(all.last().closedWith).toEqual({ code: 4401, reason: 'login refused' });
    all.last().close(4401);
    expect(seen.log.slice(2)).toEqual(['close 4401 clean local', 'complete']);
    expect(seen.events.at(-1)).toMatchObject({ unsent: [1], sent: refusal });
  });

  it.each([
    ['throws', () => failing()],
    ['aborts', (open: SocketOpen<number>) => open.abort()],
    ['errors', () => throwError(() => new Error('refused'))],
  ])('S1: that %s for a late subscriber, lets that one receive the open first', (_what, effect) => {
    const { last, socket } = setUp();
    const base = recorded(socket.events);
    last().accept();
    const late = recorded(socket.pipeEvents(onOpen(effect), reconnectOnCode(after(1_000))).events);
    expect(base.log.slice(2)).toEqual(['close 1006 unclean transport', 'WebSocketCloseError']);
    expect(late.log).toEqual(['open 0', 'reconnecting 1 in 1000']);
    late.unsubscribe();
  });

  it('S12: whose promise rejects aborts the connection with that cause', async () => {
    const all = setUp(onOpen(() => Promise.reject(new Error('refused'))));
    const seen = recorded(all.derived.events);
    all.last().accept();
    await vi.waitFor(() => expect(seen.log.at(-1)).toBe('WebSocketCloseError'));
    expect(seen.error).toMatchObject({ code: 1006, cause: new Error('refused') });
  });

  it('S12: whose work never settles is aborted after connectTimeout, counted from the open', () => {
    const all = setUp(onOpen(() => NEVER));
    const seen = recorded(all.derived.events);
    vi.advanceTimersByTime(200);
    all.last().accept();
    vi.advanceTimersByTime(299);
    expect(seen.log.at(-1)).toBe('open 0');
    vi.advanceTimersByTime(1);
    expect(seen.error).toMatchObject({ code: 1006, cause: new WebSocketTimeoutError('connect', 300) });
  });

  it('S5: whose connection your code closes meanwhile waits for nothing more', () => {
    const all = setUp(onOpen(() => NEVER));
    all.derived.next(1);
    const seen = recorded(all.derived.events);
    all.last().accept();
    all.socket.close(4000);
    all.last().close(4000);
    expect(seen.log.slice(2)).toEqual(['close 4000 clean local', 'complete']);
    expect(seen.events.at(-1)).toMatchObject({ unsent: [1] });
  });

  it('S13: complete() while its work is pending sends the outbox when that is done, within closeTimeout', () => {
    const work = new Subject<void>();
    const all = setUp(onOpen(() => work));
    all.derived.next(1);
    recorded(all.derived.events);
    all.last().accept();
    all.derived.complete();
    expect([all.last().received, all.last().closedWith]).toEqual([[], null]);
    work.complete();
    expect([all.last().received, all.last().closedWith]).toEqual([[1], { code: 1000, reason: '' }]);
    all.last().close(1000);
  });
});

describe('the public surface', () => {
  it('is enough to write onOpen with', () => {
    const own = (effect: (open: SocketOpen<number>) => Promise<unknown>): SocketOperator<number, number> => {
      const seen = new WeakSet();
      return tap((event) => {
        if (event.type !== 'open' || seen.has(event)) return;
        seen.add(event);
        event.waitUntil(effect(event));
      });
    };
    let done = (): void => undefined;
    const all = setUp(own(() => new Promise<void>((resolve) => (done = resolve))), reconnectOnCode(after(0)));
    all.derived.next(1);
    recorded(all.derived.events);
    all.last().accept();
    expect(all.last().received).toEqual([]);
    done();
    return vi.waitFor(() => expect(all.last().received).toEqual([1])).then(() => finish(all));
  });

  it('open.messages is of one connection, completes with it, and is complete when that is gone', () => {
    const all = setUp(reconnectOnCode(after(0)));
    const seen = recorded(all.derived.events);
    const heard: unknown[] = [];
    const listen = (): void => {
      const open = seen.events.filter((event) => event.type === 'open').at(-1);
      if (open?.type === 'open') open.messages.subscribe({ next: (message) => heard.push(message), complete: () => heard.push('complete') });
    };
    all.last().accept();
    listen();
    all.last().send(1);
    all.last().drop();
    listen();
    all.last().accept();
    all.last().send(2);
    expect(heard).toEqual([1, 'complete', 'complete']);
    all.last().drop();
    listen();
    expect(heard).toEqual([1, 'complete', 'complete', 'complete']);
    all.last().accept();
    finish(all);
  });
});
