import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * Returns a port on 127.0.0.1 that stays free while its server restarts: it is below the ephemeral ports. (On an ephemeral port, a client that retries may
 * even connect to itself.)
 * @returns {Promise<number>}
 */
export async function freePort() {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const server = createServer();
    const isFree = await new Promise((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    await new Promise((resolve) => server.close(resolve));
    if (isFree) return port;
  }
}
