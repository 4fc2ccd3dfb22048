// What docs/guides/testing.md uses of packages that are not installed here. The guide's tests run with the real ones: test/runners.

declare module '@angular/core' {
  export function inject<T>(token: InjectionToken<T>): T;
  export function Injectable(options: { providedIn: 'root' }): (target: unknown, context: unknown) => void;
  export class InjectionToken<T> {
    constructor(description: string, options: { factory: () => T });
    readonly type: T;
  }
  export function signal<T>(initial: T): (() => T) & { set(value: T): void };
}

declare module '@angular/core/testing' {
  export function fakeAsync(test: () => void): () => void;
  export function flushMicrotasks(): void;
  export function tick(ms: number): void;
  export const TestBed: {
    configureTestingModule(options: { providers: unknown[] }): void;
    inject<T>(service: new () => T): T;
  };
}

declare module '@testing-library/react' {
  import type { ReactElement } from 'react';
  export function act(work: () => void): void;
  export function render(element: ReactElement): { unmount(): void };
  export const screen: { getByRole(role: string): { readonly textContent: string | null } };
}

declare module 'react' {
  export interface ReactElement {
    readonly type: unknown;
  }
  export function createElement<Props>(type: string | ((props: Props) => ReactElement), props: Props, ...children: string[]): ReactElement;
  export function useEffect(effect: () => () => void, dependencies: readonly unknown[]): void;
  export function useState<T>(): [T | undefined, (value: T | undefined) => void];
}
