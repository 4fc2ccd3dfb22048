import { defaultPage } from '#transport';
import { Observable } from 'rxjs';
import { currentEnvironment, withTransports } from '../connection/Environment.js';
import { listenToPage, type Page } from './watchPage.js';

/** The page of the current environment; an object without events where there is none. */
const presentPage = (): Page => withTransports(currentEnvironment()).page ?? defaultPage() ?? {};

/**
 * Emits `true` while the page is in the back/forward cache, and `false` when it is shown again: for `suspendWhile`, since many browsers do not cache a
 * page with an open WebSocket.
 *
 *     page           ---hidden---shown---
 *     pageCached()   ---t--------f-------
 *
 * Without a page, as in Node, it never emits.
 *
 * Source: HTML, `pagehide` and `pageshow`.
 *
 * @example
 * ```ts
 * import { pageCached, reconnectOnCode, suspendWhile, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(reconnectOnCode(), suspendWhile(pageCached()));
 * ```
 */
export function pageCached(): Observable<boolean> {
  const page = presentPage();
  return new Observable((subscriber) => {
    const stops = [listenToPage(page, 'pagehide', () => subscriber.next(true)), listenToPage(page, 'pageshow', () => subscriber.next(false))];
    return () => stops.forEach((stop) => stop());
  });
}

/**
 * Emits each time that the page resumes: the network is back, the page becomes visible, is thawed, or is shown again from the back/forward cache. For
 * `wake` of `reconnectOnCode`, whose default signals do not include the last two.
 *
 *     page         ---frozen---thawed---hidden---visible---
 *     pageWake()   ------------w-----------------w---------
 *
 * Without a page, as in Node, it never emits.
 *
 * Source: HTML, `online`, page visibility and `pageshow`; Page Lifecycle, `resume`.
 *
 * @example
 * ```ts
 * import { pageWake, reconnectOnCode, webSocket } from 'websocket-subject';
 *
 * const socket = webSocket<string>('wss://quotes.example.com').pipeEvents(reconnectOnCode({}, { wake: pageWake() }));
 * ```
 */
export function pageWake(): Observable<void> {
  const page = presentPage();
  const { document } = page;
  return new Observable((subscriber) => {
    const emit = (): void => subscriber.next();
    const stops = [
      listenToPage(page, 'online', emit),
      listenToPage(document, 'visibilitychange', () => document?.visibilityState === 'visible' && emit()),
      listenToPage(document, 'resume', emit),
      // A page that was just loaded has not resumed.
      listenToPage(page, 'pageshow', (event) => (event as { persisted?: unknown }).persisted !== false && emit()),
    ];
    return () => stops.forEach((stop) => stop());
  });
}
