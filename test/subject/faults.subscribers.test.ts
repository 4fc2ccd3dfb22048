import { testFaultsOf } from './faults/injectFaults.js';

testFaultsOf('subscribers');
