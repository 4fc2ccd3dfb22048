import { describeCloseCode, type CloseEvent, type SocketStatus } from 'websocket-subject';

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

/** What the status means, for a person. `silentFor`: ms without a message on an open connection. */
export function sentenceFor(status: SocketStatus, silentFor: number): Sentence {
  switch (status.state) {
    case 'idle':
      return { tone: 'off', headline: 'Not connected', detail: 'Nothing has subscribed yet.' };
    case 'connecting':
      return {
        tone: 'busy',
        headline: status.attempt === 0 ? 'Connecting…' : `Connecting again, retry ${status.attempt}…`,
        detail: 'The handshake is on its way.',
      };
    case 'open':
      return silentFor < silence
        ? { tone: 'live', headline: 'Open', detail: 'Quotes arrive as they are made.' }
        : {
            tone: 'waiting',
            headline: 'Open, but silent',
            detail: 'No Close has come and no drop was noticed, so the stream has not ended.',
          };
    case 'closing':
      return { tone: 'busy', headline: 'Closing…', detail: `We sent ${nameOf(status)}; the server has yet to answer.` };
    case 'waiting':
      return {
        tone: 'waiting',
        headline: `Waiting for retry ${status.attempt}`,
        detail: `${reasons[status.why]} ${howItEnded(status.closeEvent)}.`,
      };
    case 'closed':
      return closed(status.closeEvent);
  }
}

/** Why it waits. */
const reasons = {
  delay: 'The policy’s delay, after',
  offline: 'The machine is offline, after',
  suspended: 'Suspended, after',
};

/** ms after which an open connection that says nothing is called silent */
export const silence = 3_000;

function closed(end: CloseEvent | null): Sentence {
  if (end === null) return { tone: 'lost', headline: 'Refused', detail: 'The WebSocket could not even be made.' };
  if (end.code === tokenExpired && end.initiator !== 'local') {
    return {
      tone: 'lost',
      headline: 'Stopped: the token expired',
      detail: 'The server closed with 4401. With the same token it would again, so the policy stopped.',
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
  return end.opened ? nameOf(end) : `${nameOf(end)}, refused before it opened`;
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
