import type { SocketEvent, SocketStatus } from 'websocket-subject';
import { Board } from './Board.js';
import { CloseLog } from './CloseLog.js';
import { startControls } from './controls.js';
import { element, write } from './element.js';
import { LastMinute } from './LastMinute.js';
import type { CaughtUp, Incoming, Outgoing, Quote } from './protocol.js';
import { socket } from './quotes.js';
import { forgetToken } from './server.js';
import { StatusLine, type Offer } from './StatusLine.js';

/** Keeps the line, so that the layout does not move when there is text. */
const nothing = '\u00a0';
const caughtUp = element('caught-up');
const minute = new LastMinute();
const log = new CloseLog();
const board = new Board(onRow, onDrawn);
const statusLine = new StatusLine(accept, (live) => {
  board.live = live;
  minute.live = live;
});
let quotes = 0;
let missed = 0;
let lost: number | null = 0;

startControls();
socket.status.subscribe((status) => {
  statusLine.status = status;
  minute.status = status;
  if (status.state === 'open') [missed, lost] = [0, 0];
  else write(caughtUp, nothing);
});
socket.warnings.subscribe((warning) => console.warn('websocket-subject:', warning));
start();

/** Begins a session. It goes on across reconnects, and ends when the stream does. */
function start(): void {
  socket.events.subscribe({
    next: on,
    complete: () => log.completed(), // the close was clean
    error: (error: unknown) => log.failed(error), // it was not
  });
  board.start();
}

function on(event: SocketEvent<Incoming, Outgoing>): void {
  switch (event.type) {
    case 'message':
      statusLine.messageArrived();
      minute.messageArrived();
      if (event.data.op === 'pong') minute.pingAnswered(performance.now() - event.data.at);
      return;
    case 'reconnecting':
      minute.ended(event.closeEvent);
      return log.reconnecting(event);
    case 'close':
      minute.ended(event);
      board.stop();
      return log.ended(event);
    default: // the status line shows the others
  }
}

function onRow(message: Quote | CaughtUp): void {
  quotes += message.op === 'quote' ? 1 : message.quotes.length;
  if (message.op === 'quote') return;
  missed += message.missed;
  lost = lost === null || message.lost === null ? null : lost + message.lost;
  write(caughtUp, catchingUp());
}

function onDrawn(): void {
  write(element('feed-note'), `${quotes.toLocaleString('en')} received`);
}

function catchingUp(): string {
  if (lost === null) return 'the server was started anew: what was missed is unknown';
  const caught = missed === 0 && lost === 0 ? nothing : `caught up ${missed.toLocaleString('en')} ${missed === 1 ? 'quote' : 'quotes'}`;
  return lost === 0 ? caught : `${caught}, ${lost.toLocaleString('en')} were too old`;
}

function accept(offer: Offer, status: SocketStatus): void {
  if (offer === 'new token') forgetToken();
  if (offer === 'retry now' && status.state === 'waiting') status.retryNow();
  if (offer === 'new token' || offer === 'connect') start();
}
