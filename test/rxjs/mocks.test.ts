import { describe, expect, it } from 'vitest';
import { webSocket, type CloseEvent } from '../../src/index.js';
import { record } from './record.js';

type Listener<Event> = ((event: Event) => void) | null;

/** A minimal mock: the `on…` properties, `send` and `close`. No `readyState`, no `protocol`, no `addEventListener`. */
class SmallMock {
  static last: SmallMock;
  onopen: Listener<object> = null;
  onmessage: Listener<{ data: string }> = null;
  onerror: Listener<object> = null;
  onclose: Listener<object | undefined> = null;
  readonly calls: string[] = [];

  constructor() {
    SmallMock.last = this;
  }

  send(frame: string): void {
    this.calls.push(`send ${frame}`);
  }

  close(code?: number, reason?: string): void {
    this.calls.push(`close ${code} ${reason ?? ''}`.trim());
  }
}

/** A mock that calls `onclose` within its own `close()`. */
class SynchronousMock extends SmallMock {
  override close(code?: number): void {
    super.close(code);
    this.onclose?.({ wasClean: true, code });
  }
}

function subjectOver(WebSocketCtor: typeof SmallMock) {
  const closes: CloseEvent[] = [];
  const subject = webSocket<number>({ url: 'ws://127.0.0.1/quotes', WebSocketCtor, closeObserver: { next: (event) => closes.push(event) } });
  const { log, subscription } = record(subject);
  return { subject, log, closes, subscription, mock: SmallMock.last };
}

describe('a mock that has only on… properties, send and close', () => {
  it('connects, sends queued values, sends at once, and receives', () => {
    const { subject, log, mock } = subjectOver(SmallMock);
    subject.next(1);
    expect(mock.calls).toEqual([]);
    mock.onopen?.({});
    subject.next(2);
    expect(mock.calls).toEqual(['send 1', 'send 2']);
    mock.onmessage?.({ data: '3' });
    expect(log).toEqual(['next 3']);
  });

  it('is closed with code and reason, and ends clean if its close event has only wasClean', () => {
    const { subject, log, closes, mock } = subjectOver(SmallMock);
    mock.onopen?.({});
    subject.close(4000, 'enough');
    expect(mock.calls).toEqual(['close 4000 enough']);
    mock.onclose?.({ wasClean: true });
    expect(log).toEqual(['complete']);
    expect(closes).toHaveLength(1);
    expect(closes[0]).toMatchObject({ wasClean: true, code: 1005, reason: '', initiator: 'local', opened: true });
  });

  it('completes if it closes by itself with only wasClean', () => {
    const { log, closes, mock } = subjectOver(SmallMock);
    mock.onopen?.({});
    mock.onclose?.({ wasClean: true });
    expect(log).toEqual(['complete']);
    expect(closes[0]).toMatchObject({ wasClean: true, code: 1005, initiator: 'remote' });
  });

  it.each([
    ['only wasClean: false', { wasClean: false }],
    ['no members', {}],
    ['the value undefined', undefined],
  ])('errors with 1006 if its close event has %s', (_, event) => {
    const { log, closes, mock } = subjectOver(SmallMock);
    mock.onopen?.({});
    mock.onclose?.(event);
    expect(log).toEqual([expect.stringMatching(/^error WebSocketCloseError: .*1006/)]);
    expect(closes[0]).toMatchObject({ wasClean: false, code: 1006, initiator: 'transport' });
  });

  it('keeps the code and the reason of its close event', () => {
    const { closes, mock } = subjectOver(SmallMock);
    mock.onopen?.({});
    mock.onclose?.({ code: 4401, reason: 'expired', wasClean: true });
    expect(closes[0]).toMatchObject({ code: 4401, reason: 'expired', wasClean: true });
  });

  it('is closed when its subscriber unsubscribes, open or not', () => {
    const open = subjectOver(SmallMock);
    open.mock.onopen?.({});
    open.subscription.unsubscribe();
    expect(open.mock.calls).toEqual(['close 1000']);

    const connecting = subjectOver(SmallMock);
    connecting.subscription.unsubscribe();
    expect(connecting.mock.calls).toEqual(['close 1000']);
  });
});

describe('a mock that calls onclose within its own close()', () => {
  it('completes synchronously within complete(), once', () => {
    const { subject, log, mock } = subjectOver(SynchronousMock);
    mock.onopen?.({});
    subject.complete();
    expect(mock.calls).toEqual(['close 1000']);
    expect(log).toEqual(['complete']);
  });

  it('is closed without a terminal when the subscriber unsubscribes', () => {
    const { log, mock, subscription } = subjectOver(SynchronousMock);
    subscription.unsubscribe();
    expect(mock.calls).toEqual(['close 1000']);
    expect(log).toEqual([]);
  });

  it('serves a subject that is completed and subscribed again', () => {
    const { subject, log, mock } = subjectOver(SynchronousMock);
    mock.onopen?.({});
    subject.complete();
    const again = record(subject);
    expect(SmallMock.last).not.toBe(mock);
    SmallMock.last.onopen?.({});
    SmallMock.last.onmessage?.({ data: '1' });
    subject.complete();
    expect(log).toEqual(['complete']);
    expect(again.log).toEqual(['next 1', 'complete']);
  });
});
