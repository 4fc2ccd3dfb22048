// What docs/guides/testing.md uses of a package that is not installed here. The guide's tests run with the real one: test/runners.
declare module '@testing-library/react' {
  import type { ReactElement } from 'react';
  export function act(work: () => void): void;
  export function render(element: ReactElement): { unmount(): void };
  export const screen: { getByRole(role: string): { readonly textContent: string | null } };
}
