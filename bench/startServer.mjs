import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Starts a server of the folder `servers` in a process of its own; gives its address, and what ends it. */
export async function startServer(name) {
  const child = fork(fileURLToPath(new URL(`servers/${name}.mjs`, import.meta.url)));
  const failed = once(child, 'exit').then(() => Promise.reject(new Error(`the server ${name} has ended`)));
  const [{ url }] = await Promise.race([once(child, 'message'), failed]);
  failed.catch(() => {}); // it ends with the program
  return {
    url,
    async stop() {
      if (child.exitCode !== null) return;
      child.kill();
      await once(child, 'exit');
    },
  };
}
