/** @typedef {{ stop(code: number, reason: string): Promise<unknown> }} Stoppable */
/** @typedef {{ close(): unknown, closeAllConnections(): void }} Server */

/**
 * Stops the demo: stops the feed, sends a Close to every page, then terminates the remaining connections.
 * @param {{ feed: { stop(): void }, gateway: Stoppable, server: Server }} parts
 * @param {number} within timeout in ms for the answers of the pages; Ctrl-C must take less than two seconds
 */
export async function shutDown({ feed, gateway, server }, within = 1_500) {
  feed.stop();
  server.close();
  /** @type {NodeJS.Timeout | undefined} */
  let limit;
  const timeout = new Promise((resolve) => {
    limit = setTimeout(resolve, within);
  });
  await Promise.race([gateway.stop(1001, 'server stops'), timeout]);
  clearTimeout(limit);
  server.closeAllConnections();
}
