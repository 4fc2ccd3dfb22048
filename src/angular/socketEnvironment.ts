import { InjectionToken } from '@angular/core';
import type { Environment } from '../connection/Environment.js';

/** Settings for sockets created in this injector, such as the test transport. */
export const SOCKET_ENVIRONMENT = new InjectionToken<Environment>('websocket-subject.environment');
