// The same application under zone.js, to show that a socket never keeps it from being stable.
import { ApplicationRef, mergeApplicationConfig, provideZoneChangeDetection } from '@angular/core';
import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/App';
import { appConfig } from './app/appConfig';

const config = mergeApplicationConfig(appConfig, { providers: [provideZoneChangeDetection()] });

bootstrapApplication(App, config)
  .then((app) => Object.assign(globalThis, { whenStable: () => app.injector.get(ApplicationRef).whenStable() }))
  .catch((error: unknown) => console.error(error));
