import { describeCloseCode, WebSocketTimeoutError, type CloseEvent, type SocketStatus } from 'websocket-subject';

export interface Sentence {
  tone: 'live' | 'busy' | 'waiting' | 'off' | 'lost';
  headline: string;
  detail: string;
}

/** `1012 Service Restart “restart”` */
export function nameOf({ code, reason }: { code: number; reason: string }): string {
  return `${code} ${describeCloseCode(code)}${reason === '' ? '' : ` “${reason}”`}`;
}

export const tokenExpired = 4401;

/** Describes the status for the user. `silentFor` is the time in milliseconds without a message on an open connection. */
export function sentenceFor(status: SocketStatus, silentFor: number): Sentence {
  switch (status.state) {
    case 'idle':
      return { tone: 'off', headline: 'Not connected', detail: 'Nothing has subscribed yet.' };
    case 'connecting':
      return {
        tone: 'busy',
        headline: status.attempt === 0 ? 'Connecting…' : `Connecting again, retry ${status.attempt}…`,
        detail: 'The opening handshake is under way.',
      };
    case 'open':
      return silentFor < silence
        ? { tone: 'live', headline: 'Open', detail: 'Quotes arrive as they are made.' }
        : {
            tone: 'waiting',
            headline: 'Open, but silent',
            detail: 'No Close has arrived. An unanswered ping will end the connection.',
          };
    case 'closing':
      return { tone: 'busy', headline: 'Closing…', detail: `We sent ${nameOf(status)}; the server has yet to answer.` };
    case 'waiting':
      return waiting(status);
    case 'closed':
      return closed(status.closeEvent);
  }
}

function waiting({ why, attempt, closeEvent }: SocketStatus & { state: 'waiting' }): Sentence {
  const tone = 'waiting';
  const end = howItEnded(closeEvent);
  switch (why) {
    case 'delay':
      return { tone, headline: `Waiting for retry ${attempt}`, detail: `${end}. The policy waits a random time, so not all pages return at once.` };
    case 'offline':
      return { tone, headline: 'Offline', detail: `Retry ${attempt} waits for the network. The last end: ${end}.` };
    case 'suspended':
      return { tone, headline: 'Suspended', detail: `Retry ${attempt} waits until the suspension ends. The last end: ${end}.` };
  }
}

/** Milliseconds without a message after which an open connection counts as silent. */
export const silence = 1_500;

function closed(end: CloseEvent | null): Sentence {
  if (end === null) return { tone: 'lost', headline: 'Refused', detail: 'The browser refused to create the WebSocket.' };
  if (end.code === tokenExpired && end.initiator !== 'local') {
    return {
      tone: 'lost',
      headline: 'Stopped: the token expired',
      detail: 'The server closed with 4401. The same token would be refused again, so the policy stopped.',
    };
  }
  if (end.initiator === 'local') {
    return end.wasClean
      ? { tone: 'off', headline: 'Closed from here', detail: `With ${nameOf(end)}. Such a close is final: no policy is asked.` }
      : { tone: 'lost', headline: 'Closed from here, uncleanly', detail: `It ended with ${howItEnded(end)}.` };
  }
  return end.wasClean
    ? { tone: 'off', headline: 'Closed by the server', detail: `With ${nameOf(end)}. The policy stopped; the stream completed.` }
    : { tone: 'lost', headline: 'Lost', detail: `With ${howItEnded(end)}. The policy stopped; the stream errored.` };
}

function howItEnded(end: CloseEvent): string {
  const cause = causeOf(end);
  if (cause !== undefined) return `${nameOf(end)}: ${cause}`;
  return end.opened ? nameOf(end) : `${nameOf(end)}, refused before it opened`;
}

/** Returns the cause of a close, if known: a timeout, or an error before the connection was made. */
export function causeOf({ cause }: CloseEvent): string | undefined {
  if (cause instanceof WebSocketTimeoutError) return `${timeoutText[cause.phase]} ${Math.round(cause.ms / 100) / 10} s`;
  return cause instanceof Error ? cause.message : undefined; // the browser's events carry no details
}

const timeoutText = {
  connect: 'it did not open within',
  close: 'no answer to our Close for',
  heartbeat: 'no answer to a ping for',
};

/** `3 ms`, `1.4 s` */
export function millis(ms: number): string {
  if (ms < 1) return '<1 ms';
  return ms < 999.5 ? `${Math.round(ms)} ms` : duration(ms);
}

/** `2.4 s`, `41 s`, `3:07` */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1_000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
}

export function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB');
}
