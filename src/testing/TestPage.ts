type Listener = (event: object) => void;

/** What listens to events of a page, such as its window or its document. */
class Target {
  #listeners: readonly (readonly [type: string, listener: Listener])[] = [];

  addEventListener(type: string, listener: Listener): void {
    this.#listeners = [...this.#listeners, [type, listener]];
  }

  removeEventListener(type: string, listener: Listener): void {
    this.#listeners = this.#listeners.filter((one) => one[0] !== type || one[1] !== listener);
  }

  dispatch(type: string, facts: object = {}): void {
    for (const [heard, listener] of this.#listeners) if (heard === type) listener({ type, ...facts });
  }
}

/**
 * A page that a test controls. It replaces the real page for the subjects of a {@link TestServer}, in Node too. At first it is online and visible.
 *
 * It only gives the signals of a page: timers go on in a frozen page, and connections stay open when it is offline.
 *
 * Source: HTML, `online`, `offline`, page visibility, `pagehide` and `pageshow`; Page Lifecycle, `freeze` and `resume`.
 *
 * @example
 * ```ts
 * import { reconnectOnCode, webSocket } from 'websocket-subject';
 * import { testServer } from 'websocket-subject/testing';
 *
 * const server = testServer();
 * const socket = webSocket<string>({ url: 'wss://quotes.example.com', WebSocketCtor: server.WebSocket }).pipeEvents(reconnectOnCode());
 * socket.subscribe();
 * server.page.offline();
 * server.expectOne().drop(); // no retry until `server.page.online()`
 * ```
 */
export class TestPage {
  /** @internal The page as the library watches it. */
  readonly globals = Object.assign(new Target(), {
    document: Object.assign(new Target(), { visibilityState: 'visible' }),
    navigator: { onLine: true },
  });

  /** Fires `offline`. */
  offline(): void {
    this.#setOnline(false);
  }

  /** Fires `online`. */
  online(): void {
    this.#setOnline(true);
  }

  /** Fires `visibilitychange`: hidden, as when the user changes to another tab. */
  hide(): void {
    this.#setVisibility('hidden');
  }

  /** Fires `visibilitychange`: visible. */
  show(): void {
    this.#setVisibility('visible');
  }

  /** Fires `freeze`, as before the browser freezes the page. */
  freeze(): void {
    this.globals.document.dispatch('freeze');
  }

  /** Fires `resume`, as when the page is thawed. */
  resume(): void {
    this.globals.document.dispatch('resume');
  }

  /** Fires `pagehide`: the page goes into the back/forward cache. */
  cache(): void {
    this.globals.dispatch('pagehide', { persisted: true });
  }

  /** Fires `pageshow`: the page comes back from the back/forward cache. */
  restore(): void {
    this.globals.dispatch('pageshow', { persisted: true });
  }

  #setOnline(onLine: boolean): void {
    this.globals.navigator.onLine = onLine;
    this.globals.dispatch(onLine ? 'online' : 'offline');
  }

  #setVisibility(visibilityState: string): void {
    this.globals.document.visibilityState = visibilityState;
    this.globals.document.dispatch('visibilitychange');
  }
}
