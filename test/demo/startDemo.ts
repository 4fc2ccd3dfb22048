import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface Demo {
  url: string;
  /** Stops the process until `thaw`: it neither reads nor answers, and its sockets stay open. */
  freeze(): void;
  thaw(): void;
  /** Sends the signal; returns the exit code and the output on stderr. */
  end(signal: 'SIGINT' | 'SIGTERM'): Promise<{ code: number | null; errors: string }>;
}

/**
 * Starts the demo as `npm start` does, without npm. Without a port, PORT is not set and the demo uses a free one; without `quotesPerSecond` it has its
 * normal feed.
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
