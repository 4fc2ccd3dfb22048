import { testFaultsOf } from './injectFaults.js';

testFaultsOf('transports');
