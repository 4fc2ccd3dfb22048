// Renders the same application under zone.js.
import { mergeApplicationConfig, provideZoneChangeDetection, type ApplicationRef } from '@angular/core';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { App } from './app/App';
import { serverConfig } from './app/serverConfig';

const config = mergeApplicationConfig(serverConfig, { providers: [provideZoneChangeDetection()] });

export default (context: BootstrapContext): Promise<ApplicationRef> => bootstrapApplication(App, config, context);
