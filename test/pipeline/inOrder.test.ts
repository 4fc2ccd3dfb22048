import { describe, expect, it } from 'vitest';
import { inOrder } from '../../examples/node-pipeline/inOrder.js';

interface Job {
  resolve(value: string): void;
  reject(error: Error): void;
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A source that is told what to give, and work that is told when it is done. */
function setUp(limit: number) {
  const given: number[] = [];
  const jobs: Job[] = [];
  let tell: (() => void) | undefined;
  let isOver = false;
  let problem: Error | undefined;
  const left: true[] = [];
  async function* source(): AsyncGenerator<number> {
    try {
      for (;;) {
        const value = given.shift();
        if (value !== undefined) yield value;
        else if (problem !== undefined) throw problem;
        else if (isOver) return;
        else await new Promise<void>((resolve) => (tell = resolve));
      }
    } finally {
      left.push(true);
    }
  }
  const wake = (): void => tell?.();
  return {
    jobs,
    left,
    give: (...values: number[]) => {
      given.push(...values);
      wake();
    },
    waiting: given,
    end: (error?: Error) => {
      isOver = true;
      problem = error;
      wake();
    },
    results: inOrder(source(), limit, () => new Promise<string>((resolve, reject) => jobs.push({ resolve, reject }))),
  };
}

describe('inOrder', () => {
  it('works on as many values as it may, reads no more, and gives the results in order', async () => {
    const { jobs, give, waiting, results, end } = setUp(2);
    give(1, 2, 3, 4);
    const first = results.next();
    await turn();
    expect({ jobs: jobs.length, waiting }).toEqual({ jobs: 2, waiting: [3, 4] });
    jobs[1]?.resolve('two');
    await turn();
    expect(jobs).toHaveLength(2); // the second waits for the first, and has its place until then
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    await turn();
    expect(jobs).toHaveLength(2); // nobody has asked for more
    expect(await results.next()).toEqual({ done: false, value: 'two' });
    const third = results.next();
    await turn();
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

  it('gives a result though no other value comes', async () => {
    const { jobs, give, results } = setUp(8);
    give(1);
    const first = results.next();
    await turn();
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
  });

  it('gives the results of what came before an error of the source, then the error', async () => {
    const { jobs, give, results, end } = setUp(8);
    give(1);
    const first = results.next();
    await turn();
    end(new Error('lost'));
    await turn();
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    await expect(results.next()).rejects.toThrow('lost');
  });

  it('fails with work that fails, when its turn has come, and leaves the source', async () => {
    const { jobs, give, results, left } = setUp(2);
    give(1, 2);
    const first = results.next();
    await turn();
    jobs[1]?.reject(new Error('no summary'));
    jobs[0]?.resolve('one');
    expect(await first).toEqual({ done: false, value: 'one' });
    give(3);
    await expect(results.next()).rejects.toThrow('no summary');
    expect(left).toEqual([true]);
  });

  it('leaves the source when it is left', async () => {
    const { jobs, give, results, left } = setUp(2);
    give(1);
    const first = results.next();
    await turn();
    jobs[0]?.resolve('one');
    await first;
    give(2);
    await results.return(undefined);
    expect(left).toEqual([true]);
  });
});
