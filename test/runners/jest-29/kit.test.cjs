const library = require('websocket-subject');
const testing = require('websocket-subject/testing');
const { kitTests } = require('./kitTests.cjs');

kitTests({ afterEach, describe, expect, fake: jest, inPage: typeof window === 'object', test }, library, testing);
