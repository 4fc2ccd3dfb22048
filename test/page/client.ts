// What runs in the page: a subject, and a journal of what it and the page itself go through.
import { after, heartbeat, reconnectOnCode, webSocket, type SocketOperator, type WebSocketSubject } from '../../src/index.js';
import type { Message, PageApi } from './protocol.js';

declare global {
  /** Put there by the DevTools protocol. */
  var tell: (numberedEntry: string) => void;
  var api: PageApi;
}

const entries: string[] = [];
const journal = (entry: string): void => {
  tell(`${entries.length} ${entry}`);
  entries.push(entry);
};

// Nobody hears a page that is being put away: it tells again when it is back, before anything else.
let putAway = Infinity;
addEventListener('pagehide', () => (putAway = entries.length));
document.addEventListener('resume', () => {
  for (let index = putAway; index < entries.length; index++) tell(`${index} ${entries[index]!}`);
  putAway = Infinity;
});

for (const type of ['freeze', 'resume']) document.addEventListener(type, () => journal(type));
for (const type of ['online', 'offline']) addEventListener(type, () => journal(type));
for (const type of ['pagehide', 'pageshow'] as const) addEventListener(type, ({ persisted }) => journal(`${type}${persisted ? ' persisted' : ''}`));
document.addEventListener('visibilitychange', () => journal(document.visibilityState));

let socket: WebSocketSubject<Message>;
let ticks = 0;
let tickedAt = performance.now();
setInterval(() => {
  ticks++;
  // A page that is merely busy is not that late.
  if (performance.now() - tickedAt > 30_000) journal('throttled');
  tickedAt = performance.now();
}, 1_000);

globalThis.api = {
  begin({ heart, delay }) {
    const base = webSocket<Message>(`ws://${location.host}/`);
    const alive: SocketOperator<Message, Message>[] = heart ? [heartbeat<Message, Message>({ ...heart, ping: () => ({ op: 'ping' }) })] : [];
    socket = base.pipeEvents(...alive, reconnectOnCode(after(delay)));
    let before = '';
    base.status.subscribe((status) => {
      const now = status.state === 'waiting' ? `waiting ${status.why}` : status.state;
      if (now !== before) journal(`status ${now}`);
      before = now;
    });
    base.warnings.subscribe((warning) => journal(`warning ${warning.kind} ${'error' in warning ? String(warning.error) : ''}`));
    socket.events.subscribe({
      next: (event) => {
        if (event.type === 'message') journal(event.data.op === 'say' ? `message ${event.data.text}` : event.data.op);
        else if (event.type === 'reconnecting') {
          const { code, initiator, cause } = event.closeEvent;
          journal(`reconnecting ${event.attempt} after ${code} ${initiator}${(cause as Error | undefined)?.name === 'WebSocketTimeoutError' ? ' timeout' : ''}`);
        } else journal(event.type);
      },
      error: (error: unknown) => journal(`error ${String(error)}`),
      complete: () => journal('complete'),
    });
  },
  say: (text) => socket.next({ op: 'say', text }),
  close: () => socket.close(),
  ticks: () => ticks,
};
journal('loaded');
