import { InjectionToken } from '@angular/core';
import type { Environment } from '../connection/Environment.js';

/** What the sockets of an injector take besides its zone, such as the class of transports of a test. */
export const SOCKET_ENVIRONMENT = new InjectionToken<Environment>('websocket-subject.environment');
