// In an application of Angular 19 the core works, and the entry for Angular says what it needs.
import '@angular/compiler';
import { webSocket } from 'websocket-subject';
import { injectWebSocket } from 'websocket-subject/angular';

webSocket('ws://quotes.example.com');
try {
  injectWebSocket(() => undefined);
} catch (error) {
  console.log(error.message);
}
