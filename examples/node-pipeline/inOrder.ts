/**
 * Does `work` for each value of `source`, for at most `limit` of them at once, and gives the results in the order of the values.
 *
 * A result is given as soon as those before it were, whether or not another value comes. Nothing is read from `source` while `limit` results are not
 * taken, so a slow consumer slows the source down. An end or an error of `source` comes behind the results of what it gave before.
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
        result.catch(() => undefined); // it is looked at when its turn comes
        started.push(result);
      }
    }
    end();
  } finally {
    if (end === undefined) await values.return?.();
  }
}

type Read<In> = { readonly value: In } | { readonly end: () => void };
