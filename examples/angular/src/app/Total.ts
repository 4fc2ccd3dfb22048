import { Component, inject } from '@angular/core';
import { Quotes } from './Quotes';

@Component({ selector: 'app-total', template: `<h1>Total</h1><p id="count">{{ quotes.count() }} quotes</p>` })
export class Total {
  protected readonly quotes = inject(Quotes);
}
