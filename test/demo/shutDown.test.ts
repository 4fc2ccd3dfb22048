import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { shutDown } from '../../examples/dashboard/server/shutDown.mjs';

describe('stopping the demo', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function begin(closesSent: Promise<unknown>, within?: number): string[] {
    const log: string[] = [];
    const note = (text: string) => (): void => void log.push(text);
    const gateway = {
      stop: (code: number, reason: string) => {
        log.push(`close ${code} ${reason}`);
        return closesSent;
      },
    };
    const server = { close: note('no more connections'), closeAllConnections: note('connections terminated') };
    void shutDown({ feed: { stop: note('no more quotes') }, gateway, server }, within).then(note('stopped'));
    return log;
  }
  const immediately = ['no more quotes', 'no more connections', 'close 1001 server stops'];
  const never = new Promise(() => undefined);

  it('takes less than two seconds even if a page never answers its Close', async () => {
    const log = begin(never);
    expect(log).toEqual(immediately);
    await vi.advanceTimersByTimeAsync(1_499);
    expect(log).toEqual(immediately);
    await vi.advanceTimersByTimeAsync(501);
    expect(log).toEqual([...immediately, 'connections terminated', 'stopped']);
  });

  it('waits up to the given timeout', async () => {
    const log = begin(never, 20);
    await vi.advanceTimersByTimeAsync(19);
    expect(log).toEqual(immediately);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual([...immediately, 'connections terminated', 'stopped']);
  });

  it('ends as soon as every page has answered, and leaves no timer', async () => {
    const log = begin(Promise.resolve());
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual([...immediately, 'connections terminated', 'stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
