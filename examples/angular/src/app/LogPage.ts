import { Component, inject } from '@angular/core';
import { Quotes } from './Quotes';

@Component({ selector: 'app-log', template: `<h1>Last message</h1><pre id="last">{{ text() }}</pre>` })
export class LogPage {
  readonly #quotes = inject(Quotes);
  protected readonly text = (): string => JSON.stringify(this.#quotes.socket.value() ?? null);
}
