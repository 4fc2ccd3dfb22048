/** What a stream emits at once, and its terminal. */
export function collected(stream: { subscribe(observer: object): unknown }): unknown[] {
  const log: unknown[] = [];
  stream.subscribe({ next: (value: unknown) => log.push(value), error: (error: unknown) => log.push(error), complete: () => log.push('complete') });
  return log;
}
