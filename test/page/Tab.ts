import type { DevTools } from './DevTools.js';
import { Journal } from './Journal.js';
import { PageServer } from './PageServer.js';
import type { PageApi, SubjectOptions } from './protocol.js';

/** A tab with the page of these tests, its server, and the journal of both: `server: …` is written by the server, `test: …` by the test, the rest by the page. */
export class Tab {
  readonly #browser: DevTools;
  readonly #targetId: string;
  readonly #sessionId: string;

  private constructor(readonly journal: Journal, readonly server: PageServer, browser: DevTools, targetId: string, sessionId: string) {
    this.#browser = browser;
    this.#targetId = targetId;
    this.#sessionId = sessionId;
    let nextIndex = 0;
    browser.listen(sessionId, (method, params) => {
      if (method === 'Runtime.bindingCalled') {
        const [, index, entry] = /^(\d*) (.*)/.exec(params['payload'] as string) ?? [];
        // A page that was in the back/forward cache repeats some entries.
        if (index === '') journal.write(entry!);
        else if (Number(index) >= nextIndex) {
          nextIndex = Number(index) + 1;
          journal.write(entry!);
        }
      }
      if (method === 'Runtime.exceptionThrown') journal.write(`exception ${JSON.stringify(params)}`);
      if (method === 'Page.backForwardCacheNotUsed') journal.write(`not cached ${JSON.stringify(params['notRestoredExplanations'])}`);
    });
  }

  /** Opens the page in its own window, so that it is visible until `hide()`. */
  static async open(browser: DevTools): Promise<Tab> {
    const journal = new Journal();
    const server = await PageServer.start(journal);
    const { targetId } = (await browser.send('Target.createTarget', { url: 'about:blank', newWindow: true })) as { targetId: string };
    const { sessionId } = (await browser.send('Target.attachToTarget', { targetId, flatten: true })) as { sessionId: string };
    const tab = new Tab(journal, server, browser, targetId, sessionId);
    for (const domain of ['Page', 'Runtime', 'Network']) await tab.#send(`${domain}.enable`);
    await tab.#send('Runtime.addBinding', { name: 'report' });
    await tab.#send('Page.navigate', { url: server.url });
    await journal.until(/^loaded$/);
    return tab;
  }

  /** Starts the subject, and waits until the page and the server have reported the open connection. */
  async connect(options: SubjectOptions): Promise<void> {
    await this.call('start', options);
    await this.journal.until(/^open$/);
    await this.journal.until(/^server: open/);
  }

  call<Name extends keyof PageApi>(name: Name, ...args: Parameters<PageApi[Name]>): Promise<ReturnType<PageApi[Name]>> {
    return this.#evaluate(`api.${name}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`);
  }

  isOnline(): Promise<boolean> {
    return this.#evaluate('navigator.onLine');
  }

  /** Freezes the page; returns the index in the journal. */
  async freeze(): Promise<number> {
    const { end } = this.journal;
    await this.#send('Page.setWebLifecycleState', { state: 'frozen' });
    return this.journal.until(/^freeze$/, end);
  }

  /** Thaws the page; returns the index before that: entries of the server may precede those of the page. */
  async thaw(): Promise<number> {
    const end = this.mark('thaw');
    await this.#send('Page.setWebLifecycleState', { state: 'active' });
    await this.journal.until(/^resume$/, end);
    return end;
  }

  /** How many connections the browser has closed, with 1001: newer ones close those of a frozen page. */
  get closesByBrowser(): number {
    return this.journal.find(/^server: close 1001/).length;
  }

  /** Minimizes the window, so that the page is hidden. */
  async hide(): Promise<number> {
    const { end } = this.journal;
    const { windowId } = await this.#browser.send('Browser.getWindowForTarget', { targetId: this.#targetId });
    await this.#browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'minimized' } });
    return this.journal.until(/^hidden$/, end);
  }

  /** Restores the window. */
  async show(): Promise<number> {
    const end = this.mark('show');
    const { windowId } = await this.#browser.send('Browser.getWindowForTarget', { targetId: this.#targetId });
    await this.#browser.send('Browser.setWindowBounds', { windowId, bounds: { windowState: 'normal' } });
    return this.journal.until(/^visible$/, end);
  }

  async setOffline(offline: boolean): Promise<void> {
    await this.#send('Network.emulateNetworkConditions', { offline, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  }

  /** Navigates to a page without a subject; returns the index in the journal when that page has loaded. */
  async navigateAway(): Promise<number> {
    const end = this.mark('navigate away');
    await this.#send('Page.navigate', { url: `${this.server.url}elsewhere` });
    return this.journal.until(/^elsewhere$/, end);
  }

  /** Goes back in the history; returns the index after `pageshow`. */
  async back(): Promise<number> {
    const end = this.mark('back');
    const { currentIndex, entries } = (await this.#send('Page.getNavigationHistory')) as { currentIndex: number; entries: { id: number }[] };
    await this.#send('Page.navigateToHistoryEntry', { entryId: entries[currentIndex - 1]!.id });
    return this.journal.until(/^pageshow/, end);
  }

  /** Writes what the test does next into the journal; returns the index after that. */
  mark(what: string): number {
    this.journal.write(`test: ${what}`);
    return this.journal.end;
  }

  async #evaluate<T>(expression: string): Promise<T> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    if (exceptionDetails !== undefined) throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return (result as { value: T }).value;
  }

  #send(method: string, params?: Record<string, unknown>): Promise<Record<string, unknown>> {
    return this.#browser.send(method, params, this.#sessionId);
  }
}
