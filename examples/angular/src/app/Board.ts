import { KeyValuePipe } from '@angular/common';
import { Component, inject } from '@angular/core';
import { Quotes } from './Quotes';

@Component({
  selector: 'app-board',
  imports: [KeyValuePipe],
  template: `
    <h1>Quotes</h1>
    <table>
      <tbody>
        @for (quote of quotes.prices() | keyvalue; track quote.key) {
          <tr><th>{{ quote.key }}</th><td class="price">{{ quote.value }}</td></tr>
        } @empty {
          <tr><td>No quotes yet</td></tr>
        }
      </tbody>
    </table>
  `,
})
export class Board {
  protected readonly quotes = inject(Quotes);
}
