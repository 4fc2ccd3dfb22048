import { provideZonelessChangeDetection } from '@angular/core';
import { testOnServer } from './onServer.js';

testOnServer(provideZonelessChangeDetection());
