import type { Act, ActAnswer } from './protocol.js';

/** A name of this page for the server, connected or not. It is no secret: the token proves who connects. */
export const client = crypto.randomUUID();

let token: string | undefined;

/** Returns the token of this page; fetches one if there is none. */
export async function currentToken(): Promise<string> {
  if (token === undefined) {
    const answer = await fetch(`/token?client=${client}`, { method: 'POST' });
    ({ token } = (await answer.json()) as { token: string });
  }
  return token;
}

/** Discards the token, so that the next login fetches a new one. */
export function forgetToken(): void {
  token = undefined;
}

/** Asks the server to act on the connection of this page. */
export async function act(request: Act): Promise<ActAnswer | { problem: string }> {
  try {
    const answer = await fetch(`/act?client=${client}`, { method: 'POST', body: JSON.stringify(request) });
    return (await answer.json()) as ActAnswer | { problem: string };
  } catch {
    return { problem: 'The server does not answer. Is it still running?' };
  }
}
