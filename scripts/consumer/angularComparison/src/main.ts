import { Component, inject, provideZonelessChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { Login } from './Login';
import { Quotes } from './Quotes';

@Component({
  selector: 'app-root',
  template: `
    <p id="state">{{ quotes.state() }}</p>
    <p id="reason">{{ quotes.reason() }}</p>
    <p id="price">{{ quotes.price() }}</p>
    <button id="login" (click)="login.user.set('ada')">Log in</button>
    <button id="logout" (click)="login.logOut()">Log out</button>
    <button id="reconnect" (click)="quotes.reconnect()">Reconnect</button>
  `,
})
class App {
  protected readonly login = inject(Login);
  protected readonly quotes = inject(Quotes);
}

bootstrapApplication(App, { providers: [provideZonelessChangeDetection()] }).catch((error: unknown) => console.error(error));
