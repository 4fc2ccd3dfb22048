/** What is told of a page. */
export interface PageListener {
  /** The network is gone; `isNews` when that is just told, and not only what the page says when it is asked. */
  offline(isNews: boolean): void;
  /** The network is back. */
  online(): void;
  /** Somebody looks at the page again, or it has been thawed. */
  woken(): void;
  /** The page is being left, and may be kept to be shown again. */
  left(): void;
  /** The page is shown again, as it was. */
  shown(): void;
}

type Target = Pick<EventTarget, 'addEventListener' | 'removeEventListener'>;

/**
 * Listens to what a browser tells of the page, or the worker, that this runs in; gives what ends that. Where there is no such thing, nothing happens.
 *
 * Source: HTML, "Navigator.onLine", "page visibility", `pagehide` and `pageshow`; Page Lifecycle, `resume`.
 */
export function watchPage(listener: PageListener): () => void {
  const { document, navigator } = globalThis as { document?: Target & { readonly visibilityState?: unknown }; navigator?: { readonly onLine?: unknown } };
  const scope = globalThis as Partial<Target>;
  const listening: (() => void)[] = [];
  const listen = (target: Partial<Target> | undefined, type: string, react: (event: object) => void): void => {
    if (typeof target?.addEventListener !== 'function') return;
    target.addEventListener(type, react);
    listening.push(() => target.removeEventListener?.(type, react));
  };
  // A page that was frozen or put away has not heard that the network has gone, or is back.
  const lookAgain = (): void => {
    if (navigator?.onLine === false) listener.offline(false);
    else listener.online();
  };
  listen(scope, 'offline', () => listener.offline(true));
  listen(scope, 'online', () => listener.online());
  listen(scope, 'pagehide', () => listener.left());
  listen(scope, 'pageshow', (event) => {
    // A page that has just been loaded is not shown again.
    if ((event as { readonly persisted?: unknown }).persisted === false) return;
    lookAgain();
    listener.shown();
  });
  const woken = (): void => {
    lookAgain();
    listener.woken();
  };
  listen(document, 'resume', woken);
  listen(document, 'visibilitychange', () => document?.visibilityState === 'visible' && woken());
  if (navigator?.onLine === false) listener.offline(false);
  return () => {
    for (const stop of listening) stop();
  };
}
