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
    const server = { close: note('take nobody'), closeAllConnections: note('cut off') };
    void shutDown({ feed: { stop: note('no more quotes') }, gateway, server }, within).then(note('stopped'));
    return log;
  }
  const atOnce = ['no more quotes', 'take nobody', 'close 1001 server stops'];
  const never = new Promise(() => undefined);

  it('is over within two seconds though a page never answers its Close', async () => {
    const log = begin(never);
    expect(log).toEqual(atOnce);
    await vi.advanceTimersByTimeAsync(1_499);
    expect(log).toEqual(atOnce);
    await vi.advanceTimersByTimeAsync(501);
    expect(log).toEqual([...atOnce, 'cut off', 'stopped']);
  });

  it('waits as long as it is told to', async () => {
    const log = begin(never, 20);
    await vi.advanceTimersByTimeAsync(19);
    expect(log).toEqual(atOnce);
    await vi.advanceTimersByTimeAsync(1);
    expect(log).toEqual([...atOnce, 'cut off', 'stopped']);
  });

  it('is over as soon as every page has answered, and leaves no timer', async () => {
    const log = begin(Promise.resolve());
    await vi.advanceTimersByTimeAsync(0);
    expect(log).toEqual([...atOnce, 'cut off', 'stopped']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
