/** Receives the signals of a page. */
interface PageListener {
  /** The network is gone; `isEvent` is false when only `navigator.onLine` says so. */
  offline(isEvent: boolean): void;
  /** The network is back, or the page becomes visible; then `isOnline` may be false. */
  wake(isOnline: boolean): void;
}

type Target = Partial<Pick<EventTarget, 'addEventListener' | 'removeEventListener'>>;

/** The part of a page, or of a worker, that is used here; `globalThis` of a browser has it all. */
export interface Page extends Target {
  readonly document?: Target & { readonly visibilityState?: unknown };
  readonly navigator?: { readonly onLine?: unknown };
}

/**
 * Listens to the page, or the worker; returns a function that stops listening.
 *
 * Source: HTML, "Navigator.onLine" and "page visibility".
 */
export function watchPage(page: Page, listener: PageListener): () => void {
  const { document, navigator } = page;
  const stops = [
    listenToPage(page, 'offline', () => listener.offline(true)),
    listenToPage(page, 'online', () => listener.wake(true)),
    listenToPage(document, 'visibilitychange', () => {
      if (document?.visibilityState !== 'visible') return;
      // A page that was frozen has not received the events of the network.
      const isOnline = navigator?.onLine !== false;
      if (!isOnline) listener.offline(false);
      listener.wake(isOnline);
    }),
  ];
  if (navigator?.onLine === false) listener.offline(false);
  return () => stops.forEach((stop) => stop());
}

/** Listens to an event, if the page has such a target; returns a function that stops listening. */
export function listenToPage(target: Target | undefined, type: string, react: (event: object) => unknown): () => void {
  if (typeof target?.addEventListener !== 'function') return () => undefined;
  target.addEventListener(type, react);
  return () => target.removeEventListener?.(type, react);
}
