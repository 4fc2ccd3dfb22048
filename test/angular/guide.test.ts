import '@angular/compiler';
import * as common from '@angular/common';
import * as core from '@angular/core';
import { provideZonelessChangeDetection, type Type } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import * as angular from '../../src/angular/index.js';
import { provideWebSocketTesting, WebSocketTestingController } from '../../src/angularTesting/index.js';
import * as library from '../../src/index.js';
import { useAngular } from './setUp.js';

useAngular(provideZonelessChangeDetection(), provideWebSocketTesting());

const modules: Record<string, unknown> = { '@angular/common': common, '@angular/core': core, 'websocket-subject': library, 'websocket-subject/angular': angular };

/** Runs the first block of the guide and returns what it exports. */
function firstBlock(): Record<string, unknown> {
  const code = /```ts\n(?<code>[^]*?)```/.exec(readFileSync(new URL('../../docs/guides/angular.md', import.meta.url), 'utf8'))?.groups?.['code'] ?? '';
  const compilerOptions: ts.CompilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, experimentalDecorators: true };
  const exported = {};
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the code of the guide
  new Function('require', 'exports', ts.transpileModule(code, { compilerOptions }).outputText)((name: string) => modules[name], exported);
  return exported;
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('the first component of the guide shows quotes, the reason, a countdown that is right at once, and a button that reconnects', () => {
  const fixture = TestBed.createComponent(firstBlock()['LiveQuotes'] as Type<unknown>);
  const element = fixture.nativeElement as HTMLElement;
  const shown = (): (string | null | undefined)[] => {
    fixture.detectChanges();
    return ['pre', 'p'].map((name) => element.querySelector(name)?.textContent);
  };
  expect(shown()).toEqual(['', 'connecting']);
  const controller = TestBed.inject(WebSocketTestingController);
  const first = controller.expectOne('wss://quotes.example.com');
  first.send({ symbol: 'EURUSD', price: 1.08 });
  const quote = '{\n  "symbol": "EURUSD",\n  "price": 1.08\n}';
  expect(shown()).toEqual([quote, 'open']);
  first.close(1012, 'deploy');
  expect(shown()).toEqual([quote, 'lost (deploy): next attempt in 18 s']);
  element.querySelector('button')?.click();
  const second = controller.expectOne();
  second.close(4403);
  expect(shown()).toEqual([quote, expect.stringMatching(/^closed \(4403/)]);
  element.querySelector('button')?.click();
  controller.expectOne().accept();
  expect(shown()).toEqual([quote, 'open']);
});
