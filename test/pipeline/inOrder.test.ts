import { describe, expect, it } from 'vitest';
import { inOrder } from '../../examples/node-pipeline/inOrder.js';

interface Job {
  resolve(value: string): void;
  reject(error: Error): void;
}

const nextMacrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Returns `inOrder` with a source and work that the test controls. */
function setUp(limit: number) {
  const waiting: number[] = [];
  const jobs: Job[] = [];
  let wakeUp: (() => void) | undefined;
  let isOver = false;
  let problem: Error | undefined;
  let isReturned = false;
  async function* source(): AsyncGenerator<number> {
    try {
      for (;;) {
        const value = waiting.shift();
        if (value !== undefined) yield value;
        else if (problem !== undefined) throw problem;
        else if (isOver) return;
        else await new Promise<void>((resolve) => (wakeUp = resolve));
      }
    } finally {
      isReturned = true;
    }
  }
  const wake = (): void => wakeUp?.();
  return {
    jobs,
    isReturned: () => isReturned,
    give: (...values: number[]) => {
      waiting.push(...values);
      wake();
    },
    waiting,
    end: (error?: Error) => {
      isOver = true;
      problem = error;
      wake();
    },
    results: inOrder(source(), limit, () => new Promise<string>((resolve, reject) => jobs.push({ resolve, reject }))),
  };
}

describe('inOrder', () => {
  it('works on up to `limit` values, reads no more, and yields the results in order', async () => {
    const { jobs, give, waiting, results, end } = setUp(2);
    give(1, 2, 3, 4);
    const first = results.next();
    await nextMacrotask();
    expect({ jobs: jobs.length, waiting }).toEqual({ jobs: 2, waiting: [3, 4] });
    jobs[1]?.resolve('two');
    await nextMacrotask();
    expect(jobs).toHaveLength(2); // the second result waits for the first and occupies its place
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    await nextMacrotask();
    expect(jobs).toHaveLength(2); // no further result was requested
    expect(await results.next()).toEqual({ done: false, value: 'two' });
    const third = results.next();
    await nextMacrotask();
    expect(jobs).toHaveLength(4);
    jobs[2]?.resolve('three');
    jobs[3]?.resolve('four');
    end();
    expect([await third, await results.next(), await results.next()]).toEqual([
      { done: false, value: 'three' },
      { done: false, value: 'four' },
      { done: true, value: undefined },
    ]);
  });

  it('yields a result even if no other value follows', async () => {
    const { jobs, give, results } = setUp(8);
    give(1);
    const first = results.next();
    await nextMacrotask();
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
  });

  it('yields the results of the values before an error of the source, then throws the error', async () => {
    const { jobs, give, results, end } = setUp(8);
    give(1);
    const first = results.next();
    await nextMacrotask();
    end(new Error('lost'));
    await nextMacrotask();
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    await expect(results.next()).rejects.toThrow('lost');
  });

  it('throws the error of failed work in order, and returns the source', async () => {
    const { jobs, give, results, isReturned } = setUp(2);
    give(1, 2);
    const first = results.next();
    await nextMacrotask();
    jobs[1]?.reject(new Error('no summary'));
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    give(3);
    await expect(results.next()).rejects.toThrow('no summary');
    expect(isReturned()).toBe(true);
  });

  it('returns the source when it is returned itself', async () => {
    const { jobs, give, results, isReturned } = setUp(2);
    give(1);
    const first = results.next();
    await nextMacrotask();
    jobs[0]?.resolve('one');
    await first;
    give(2);
    await results.return(undefined);
    expect(isReturned()).toBe(true);
  });
});
