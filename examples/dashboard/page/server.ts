import type { Act, ActAnswer } from './protocol.js';

/** The server knows this page by it, connected or not. */
export const client = crypto.randomUUID();

let token: string | undefined;

/** The token of this page; a first one is fetched. */
export async function currentToken(signal: AbortSignal): Promise<string> {
  if (token === undefined) {
    const answer = await fetch(`/token?client=${client}`, { method: 'POST', signal });
    ({ token } = (await answer.json()) as { token: string });
  }
  return token;
}

/** The next connection fetches a new one. */
export function forgetToken(): void {
  token = undefined;
}

/** Asks the server to do something with this page's connection. */
export async function act(wish: Act): Promise<ActAnswer | { problem: string }> {
  try {
    const answer = await fetch(`/act?client=${client}`, { method: 'POST', body: JSON.stringify(wish) });
    return (await answer.json()) as ActAnswer | { problem: string };
  } catch {
    return { problem: 'The server does not answer. Is it still running?' };
  }
}
