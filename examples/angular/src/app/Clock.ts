import { Component } from '@angular/core';
import { webSocket } from 'websocket-subject';
import { injectWebSocket } from 'websocket-subject/angular';

/** A socket that belongs to a component: it connects when the block is hydrated, and ends with the component. */
@Component({ selector: 'app-clock', template: `<p id="clock">{{ socket.status().state }} {{ socket.value() ?? 'no time yet' }}</p>` })
export class Clock {
  protected readonly socket = injectWebSocket(() => webSocket<string>(`ws://${location.host}/clock`));
}
