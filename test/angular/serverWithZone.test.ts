import 'zone.js/node';
import { provideZoneChangeDetection } from '@angular/core';
import { testOnServer } from './onServer.js';

testOnServer(provideZoneChangeDetection());
