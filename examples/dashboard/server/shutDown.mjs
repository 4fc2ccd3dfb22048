/** @typedef {{ stop(code: number, reason: string): Promise<unknown> }} Stoppable */
/** @typedef {{ close(): unknown, closeAllConnections(): void }} Server */

/**
 * Ends the demo in order: no more quotes, a Close to every page, and then whatever is still connected is cut off.
 * @param {{ feed: { stop(): void }, gateway: Stoppable, server: Server }} parts
 * @param {number} within ms that the pages' answers are waited for; Ctrl-C is to be over in two seconds
 */
export async function shutDown({ feed, gateway, server }, within = 1_500) {
  feed.stop();
  server.close();
  /** @type {NodeJS.Timeout | undefined} */
  let limit;
  const tooLate = new Promise((resolve) => {
    limit = setTimeout(resolve, within);
  });
  await Promise.race([gateway.stop(1001, 'server stops'), tooLate]);
  clearTimeout(limit);
  server.closeAllConnections();
}
