// The script of the page: makes a subject, and reports the events of the subject and of the page to the test.
import {
  after,
  heartbeat,
  pageCached,
  pageWake,
  reconnectOnCode,
  suspendWhile,
  webSocket,
  type SocketOperator,
  type WebSocketSubject,
} from '../../src/index.js';
import type { Message, PageApi } from './protocol.js';

declare global {
  /** A binding that the test adds through the DevTools protocol. */
  var report: (numberedEntry: string) => void;
  var api: PageApi;
}

const entries: string[] = [];
const journal = (entry: string): void => {
  report(`${entries.length} ${entry}`);
  entries.push(entry);
};

// The test receives no reports while the page enters the back/forward cache, so they are repeated when it is back, before any other.
let cachedFrom = Infinity;
addEventListener('pagehide', () => (cachedFrom = entries.length));
document.addEventListener('resume', () => {
  for (let index = cachedFrom; index < entries.length; index++) report(`${index} ${entries[index]!}`);
  cachedFrom = Infinity;
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
  start(options) {
    const base = webSocket<Message>(`ws://${location.host}/`);
    const operators: SocketOperator<Message, Message>[] = [reconnectOnCode(after(options.delay), options.pageWake === true ? { wake: pageWake() } : {})];
    if (options.heartbeat !== undefined) operators.unshift(heartbeat({ ...options.heartbeat, ping: () => ({ op: 'ping' }) }));
    if (options.pageCached === true) operators.push(suspendWhile(pageCached()));
    socket = base.pipeEvents(...operators);
    let previous = '';
    base.status.subscribe((status) => {
      const present = status.state === 'waiting' ? `waiting ${status.why}` : status.state;
      if (present !== previous) journal(`status ${present}`);
      previous = present;
    });
    base.warnings.subscribe((warning) => journal(`warning ${warning.kind} ${'error' in warning ? String(warning.error) : ''}`));
    socket.events.subscribe({
      next: (event) => {
        if (event.type === 'message') journal(event.data.op === 'text' ? `message ${event.data.text}` : event.data.op);
        else if (event.type === 'reconnecting') {
          const { code, initiator, cause } = event.closeEvent;
          journal(`reconnecting ${event.attempt} after ${code} ${initiator}${(cause as Error | undefined)?.name === 'WebSocketTimeoutError' ? ' timeout' : ''}`);
        } else journal(event.type);
      },
      error: (error: unknown) => journal(`error ${String(error)}`),
      complete: () => journal('complete'),
    });
  },
  send: (text) => socket.next({ op: 'text', text }),
  close: () => socket.close(),
  ticks: () => ticks,
};
journal('loaded');
