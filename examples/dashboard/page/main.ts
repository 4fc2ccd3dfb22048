import type { SocketEvent, SocketStatus } from 'websocket-subject';
import { Board } from './Board.js';
import { CloseLog } from './CloseLog.js';
import { startControls } from './controls.js';
import { element, write } from './element.js';
import type { Incoming, Outgoing, QuotesMessage } from './protocol.js';
import { connect, quotes } from './quotes.js';
import source from './quotes.ts?raw';
import { clock } from './sentences.js';
import { forgetToken } from './server.js';
import { StatusLine, type Offer } from './StatusLine.js';

const board = new Board();
const log = new CloseLog();
const statusLine = new StatusLine(accept, (live) => (board.live = live));
/** Keeps the line, so that the layout does not move when there is text. */
const nothing = '\u00a0';
let received = 0;
let lastAt = 0;
let isFrameRequested = false;

startControls();
write(element('source'), source);
quotes.status.subscribe((status) => {
  statusLine.status = status;
  if (status.state !== 'open') write(element('caught-up'), nothing);
});
quotes.warnings.subscribe((warning) => console.warn('websocket-subject:', warning));
start();

function start(): void {
  connect({
    on,
    pingAnswered: (ms) => statusLine.pingAnswered(ms),
    completed: () => log.completed(),
    failed: (error) => log.failed(error),
  });
}

function on(event: SocketEvent<Incoming, Outgoing>): void {
  switch (event.type) {
    case 'message':
      statusLine.messageArrived();
      if (event.data.op !== 'pong') show(event.data);
      return;
    case 'reconnecting':
      return log.reconnecting(event);
    case 'close':
      return log.ended(event);
    default: // the status line shows the others
  }
}

function show(message: QuotesMessage): void {
  board.add(message.quotes);
  received += message.quotes.length;
  lastAt = Date.now();
  if (message.op === 'caughtUp') write(element('caught-up'), catchingUp(message.missed, message.lost));
  if (isFrameRequested) return;
  isFrameRequested = true;
  requestAnimationFrame(draw);
}

/** Runs once per frame, however many messages have arrived. */
function draw(): void {
  isFrameRequested = false;
  board.draw();
  write(element('feed-note'), `${received.toLocaleString('en')} received, the last at ${clock(lastAt)}`);
}

function catchingUp(missed: number, lost: number | null): string {
  if (lost === null) return 'the server began anew: what was missed is unknown';
  const caught = missed === 0 && lost === 0 ? nothing : `caught up ${missed.toLocaleString('en')} ${missed === 1 ? 'quote' : 'quotes'}`;
  return lost === 0 ? caught : `${caught}, ${lost.toLocaleString('en')} were too old`;
}

function accept(offer: Offer, status: SocketStatus): void {
  if (offer === 'new token') forgetToken();
  if (offer === 'retry now' && status.state === 'waiting') status.retryNow();
  if (offer === 'new token' || offer === 'connect') start();
}
