import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Demo {
  url: string;
  /** Has it neither read nor answer, though its sockets stay; until `thaw`. */
  freeze(): void;
  thaw(): void;
  /** Sends the signal, and tells with which code the process ended and what it had to complain of. */
  end(signal: 'SIGINT' | 'SIGTERM'): Promise<{ code: number | null; errors: string }>;
}

/**
 * `npm start` without npm: a process of its own. Without a port there is no PORT for it to read, and it must find a free one; without a number of quotes
 * a second it has the feed for people.
 */
export async function startDemo(port?: string, quotesPerSecond?: string): Promise<Demo> {
  const child = spawn(process.execPath, ['examples/dashboard/start.mjs'], {
    cwd: root,
    env: { ...process.env, PORT: port, QUOTES_PER_SECOND: quotesPerSecond },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>;
  let [output, errors] = ['', ''];
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const named = /http:\/\/127\.0\.0\.1:\d+\//.exec(output);
      if (named) resolve(named[0]);
    });
    void ended.then(([code]) => reject(new Error(`The demo ended with ${code ?? 'a signal'}: ${errors}`)));
  });
  return {
    url,
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    async end(signal) {
      child.kill(signal);
      const [code] = await ended;
      return { code, errors };
    },
  };
}
