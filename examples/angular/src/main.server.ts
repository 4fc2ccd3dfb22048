import type { ApplicationRef } from '@angular/core';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { App } from './app/App';
import { serverConfig } from './app/serverConfig';

export default (context: BootstrapContext): Promise<ApplicationRef> => bootstrapApplication(App, serverConfig, context);
