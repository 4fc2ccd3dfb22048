import { testFaultsOf } from './injectFaults.js';

testFaultsOf('operators');
