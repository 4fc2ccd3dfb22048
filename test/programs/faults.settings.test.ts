import { testFaultsOf } from './injectFaults.js';

testFaultsOf('settings');
