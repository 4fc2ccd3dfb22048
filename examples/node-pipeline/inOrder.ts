/**
 * Calls `work` for each value of `source`, for at most `limit` values at once, and yields the results in the order of the values.
 *
 * A result is yielded as soon as it and all results before it are ready. While `limit` results are not yet taken, nothing is read from `source`, so a slow
 * consumer slows down the source. An end or an error of `source` follows the results of all values before it.
 */
export async function* inOrder<In, Out>(source: AsyncIterable<In>, limit: number, work: (value: In) => Promise<Out>): AsyncGenerator<Out> {
  const values = source[Symbol.asyncIterator]();
  const read = (): Promise<Read<In>> =>
    values.next().then(
      (result) => (result.done === true ? { end: () => undefined } : { value: result.value }),
      (error: unknown) => ({
        end: () => {
          throw error;
        },
      }),
    );
  const started: Promise<Out>[] = [];
  let reading: Promise<Read<In>> | undefined;
  let end: (() => void) | undefined;
  try {
    while (end === undefined || started.length > 0) {
      if (end === undefined && started.length < limit) reading ??= read();
      const [oldest] = started;
      const first = await Promise.race([reading, oldest?.then(() => undefined)].filter((promise) => promise !== undefined));
      if (first === undefined) {
        yield await (started.shift() as Promise<Out>);
        continue;
      }
      reading = undefined;
      if ('end' in first) {
        end = first.end;
      } else {
        const result = work(first.value);
        result.catch(() => undefined); // handled when it is yielded
        started.push(result);
      }
    }
    end();
  } finally {
    if (end === undefined) await values.return?.();
  }
}

type Read<In> = { readonly value: In } | { readonly end: () => void };
