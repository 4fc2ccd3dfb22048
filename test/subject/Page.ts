import { vi } from 'vitest';

/**
 * A page as far as it is watched: events on its window and document, and whether it is visible and online. It takes the place of the globals until
 * `vi.unstubAllGlobals()`.
 */
export class Page {
  readonly window = new EventTarget();
  readonly document = Object.assign(new EventTarget(), { visibilityState: 'visible' });
  readonly navigator = { onLine: true };
  listeners = 0;

  constructor() {
    for (const target of [this.window, this.document]) {
      const { addEventListener, removeEventListener } = target;
      target.addEventListener = (...args: Parameters<EventTarget['addEventListener']>) => {
        this.listeners++;
        addEventListener.apply(target, args);
      };
      target.removeEventListener = (...args: Parameters<EventTarget['removeEventListener']>) => {
        this.listeners--;
        removeEventListener.apply(target, args);
      };
    }
    vi.stubGlobal('document', this.document);
    vi.stubGlobal('navigator', this.navigator);
    vi.stubGlobal('addEventListener', this.window.addEventListener);
    vi.stubGlobal('removeEventListener', this.window.removeEventListener);
  }

  dispatch(target: 'window' | 'document', type: string): void {
    this[target].dispatchEvent(new Event(type));
  }

  goOffline(): void {
    this.navigator.onLine = false;
    this.dispatch('window', 'offline');
  }

  goOnline(): void {
    this.navigator.onLine = true;
    this.dispatch('window', 'online');
  }

  show(isVisible: boolean): void {
    this.document.visibilityState = isVisible ? 'visible' : 'hidden';
    this.dispatch('document', 'visibilitychange');
  }
}
