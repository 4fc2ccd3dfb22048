import PartySocket from 'partysocket/ws';
import ReconnectingWebSocket from 'reconnecting-websocket';
import { EMPTY, repeat, retry, timer } from 'rxjs';
import { webSocket as rxjsWebSocket } from 'rxjs/webSocket';
import { between, heartbeat, reconnectOnCode, retryHint, serverHint, webSocket } from 'websocket-subject';

/** Soon, or when the server asks for it; refused logins end the session. */
const hinted = serverHint(retryHint, between(0, 200), { max: 500 });
const policy = (attempt) => ([1008, 4401].includes(attempt.closeEvent.code) ? null : hinted(attempt));

/**
 * How each library is used. `connect` takes the URL, the class of transports and what to call, and returns `send`, `restart` and `end`. They call `message` with each
 * message, `began` when a consumer starts, `terminal` when that consumer ends, and `unsent` with values that are reported as not sent.
 */
export const libraries = {
  'websocket-subject'(url, WebSocketCtor, { began, message, terminal, unsent }) {
    const socket = webSocket({ url, WebSocketCtor, connectTimeout: 600, closeTimeout: 400, outbox: { highWaterMark: 100_000 } }).pipeEvents(
      heartbeat({ every: 400, timeout: 400, ping: () => ({ ping: true }) }),
      reconnectOnCode(policy),
    );
    socket.warnings.subscribe((warning) => warning.kind === 'dropped' && unsent(warning.values));
    let hasEnded = false;
    const consume = () => {
      if (hasEnded) return;
      const consumer = began();
      let ended;
      socket.events.subscribe({
        next(event) {
          if (event.type === 'message') message(event.data, consumer);
          else if (event.type === 'close') ended = event;
        },
        complete: () => over(consumer, ended),
        error: (error) => over(consumer, error.event ?? ended),
      });
    };
    const over = (consumer, event) => {
      terminal(consumer);
      unsent(event?.unsent ?? []);
      setTimeout(consume, 20);
    };
    consume();
    return {
      send: (value) => socket.next(value),
      restart: () => socket.close(),
      end() {
        hasEnded = true;
        socket.complete();
      },
    };
  },

  'rxjs/webSocket'(url, WebSocketCtor, { began, message, terminal }) {
    const socket = rxjsWebSocket({ url, WebSocketCtor });
    const consumer = began();
    let hasEnded = false;
    const delay = () => (hasEnded ? EMPTY : timer(100));
    socket.pipe(retry({ delay }), repeat({ delay })).subscribe({ next: (value) => message(value, consumer), complete: () => terminal(consumer), error: () => terminal(consumer) });
    return {
      send: (value) => socket.next(value),
      restart: () => socket.complete(),
      end() {
        hasEnded = true;
        socket.complete();
      },
    };
  },

  partysocket: (url, WebSocketCtor, client) => reconnecting(new PartySocket(url, [], optionsOf(WebSocketCtor)), client),
  'reconnecting-websocket': (url, WebSocketCtor, client) => reconnecting(new ReconnectingWebSocket(url, [], optionsOf(WebSocketCtor)), client),
};

const optionsOf = (WebSocket) => ({ WebSocket, minReconnectionDelay: 50, maxReconnectionDelay: 200, reconnectionDelayGrowFactor: 1.3, connectionTimeout: 600 });

function reconnecting(socket, { began, message, terminal }) {
  const consumer = began();
  let hasEnded = false;
  socket.addEventListener('message', ({ data }) => {
    try {
      message(JSON.parse(data), consumer);
    } catch {
      // What is no message of the server's is your code's to bear with these libraries.
    }
  });
  socket.addEventListener('error', () => undefined);
  socket.addEventListener('close', () => hasEnded && terminal(consumer));
  return {
    send: (value) => socket.send(JSON.stringify(value)),
    restart() {
      socket.close();
      socket.reconnect();
    },
    end() {
      hasEnded = true;
      socket.close();
    },
  };
}
