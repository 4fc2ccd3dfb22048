import '@angular/compiler';
import { expect, it, vi } from 'vitest';
import { injectWebSocket } from '../../src/angular/index.js';

vi.mock('@angular/core', async (importOriginal) => ({ ...(await importOriginal<object>()), VERSION: { major: '19', full: '19.2.1' } }));

it('injectWebSocket says which version of Angular it needs', () => {
  expect(() => injectWebSocket(() => undefined)).toThrow('websocket-subject/angular needs Angular 20 or later, not 19.2.1');
});
