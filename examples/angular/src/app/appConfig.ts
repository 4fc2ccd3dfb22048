import { provideHttpClient, withFetch } from '@angular/common/http';
import type { ApplicationConfig } from '@angular/core';
import { provideClientHydration, withIncrementalHydration } from '@angular/platform-browser';
import { provideRouter, type Routes } from '@angular/router';
import { Board } from './Board';
import { LogPage } from './LogPage';
import { Total } from './Total';

const routes: Routes = [
  { path: '', component: Board },
  { path: 'total', component: Total },
  { path: 'log', component: LogPage },
];

export const appConfig: ApplicationConfig = {
  providers: [provideRouter(routes), provideHttpClient(withFetch()), provideClientHydration(withIncrementalHydration())],
};
