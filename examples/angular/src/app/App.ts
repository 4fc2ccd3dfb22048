import { Component, inject } from '@angular/core';
import { RouterLink, RouterOutlet } from '@angular/router';
import { Clock } from './Clock';
import { Login } from './Login';
import { StatusLine } from './StatusLine';

@Component({
  selector: 'app-root',
  imports: [RouterOutlet, RouterLink, StatusLine, Clock],
  template: `
    <nav><a routerLink="/">Quotes</a><a routerLink="/total">Total</a><a routerLink="/log">Last message</a></nav>
    <p>
      @if (login.user(); as user) {
        {{ user }} <button id="logout" (click)="login.logOut()">Log out</button>
      } @else {
        <button id="login" (click)="login.logIn('ada')">Log in</button>
        <button id="login-refused" (click)="login.logIn('mallory')">Log in as one who may not</button>
      }
    </p>
    <app-status-line />
    <router-outlet />
    @defer (hydrate on interaction) {
      <app-clock />
    } @placeholder {
      <p>The clock</p>
    }
  `,
})
export class App {
  protected readonly login = inject(Login);
}
