import { afterEach, describe, expect, test, vi } from 'vitest';
import * as library from 'websocket-subject';
import * as testing from 'websocket-subject/testing';
import { kitTests } from './kitTests.mjs';

kitTests({ afterEach, describe, expect, fake: vi, inPage: '__vitest_browser__' in globalThis, test }, library, testing);
