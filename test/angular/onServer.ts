import '@angular/compiler';
import { Component, inject, Injectable, PendingTasks, type EnvironmentProviders } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { bootstrapApplication, type BootstrapContext } from '@angular/platform-browser';
import { provideServerRendering, renderApplication } from '@angular/platform-server';
import { startWith } from 'rxjs';
import { expect, it, vi } from 'vitest';
import { injectWebSocket } from '../../src/angular/index.js';
import { heartbeat, reconnectOnCode } from '../../src/index.js';
import { setUp } from './setUp.js';

/** Renders a component on the server. */
async function render(Root: new () => object, template: string, changeDetection: EnvironmentProviders): Promise<string> {
  Component({ selector: 'app-root', template })(Root);
  const html = await renderApplication(
    (context: BootstrapContext) => bootstrapApplication(Root, { providers: [changeDetection, provideServerRendering()] }, context),
    { document: '<html><body><app-root></app-root></body></html>', url: '/' },
  );
  return /<app-root[^>]*>(.*)<\/app-root>/s.exec(html)?.[1] ?? html;
}

/** Tests of a render on the server. One that waits for a socket hangs. */
export function testOnServer(changeDetection: EnvironmentProviders): void {
  it('on the server the factory is not called, the status is idle, and no pending task is added', async () => {
    const { socket } = setUp();
    const create = vi.fn(() => socket<string>(heartbeat({ ping: () => 'ping' }), reconnectOnCode()));
    const add = vi.spyOn(PendingTasks.prototype, 'add');
    class Quotes {
      readonly socket = injectWebSocket(create);
      readonly count = this.socket.fold((count) => count + 1, 0);
    }
    Injectable({ providedIn: 'root' })(Quotes);
    let tasks = 0;
    class Root {
      readonly quotes = ((tasks = add.mock.calls.length), inject(Quotes));
      readonly after = (this.quotes.socket.next('a'), this.quotes.socket.reconnect(), (tasks -= add.mock.calls.length));
    }
    const html = await render(Root, '{{ quotes.socket.status().state }} {{ quotes.count() }} {{ quotes.socket.value() ?? "none" }} {{ quotes.socket.error() ?? "no error" }}', changeDetection);
    expect([html, create.mock.calls.length, tasks]).toEqual(['idle 0 none no error', 0, 0]);
  });

  it('on the server an rxResource over the messages renders its seed', async () => {
    const { socket } = setUp();
    class Root {
      readonly socket = injectWebSocket(() => socket<string>());
      readonly quote = rxResource({ stream: () => this.socket.messages.pipe(startWith('seed')) });
    }
    expect(await render(Root, '{{ quote.value() }}', changeDetection)).toBe('seed');
  });
}
