// Compiled only where the consumer has lib: dom, together with surface.ts.
import type { NextObserver } from 'rxjs';
import { webSocket } from 'websocket-subject';
import type { WebSocketSubjectConfig } from 'websocket-subject';

const openObserver: NextObserver<Event> = { next: (event) => { console.log(event.type); } };
const closeObserver: NextObserver<CloseEvent> = { next: (event) => { console.log(event.code, event.reason, event.wasClean); } };
const config: WebSocketSubjectConfig<string> = {
  url: 'wss://quotes.example.com',
  openObserver,
  closeObserver,
  WebSocketCtor: WebSocket,
  deserializer: (event: MessageEvent<string>) => event.data,
};
webSocket(config).subscribe((message) => {
  document.title = message;
});
