import { testFaultsOf } from './injectFaults.js';

testFaultsOf('subscribers');
