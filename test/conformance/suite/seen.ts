import type { TestContext } from 'vitest';

declare module 'vitest' {
  export interface TaskMeta {
    /** What a transport did where transports may differ, for the table of results. */
    seen?: string;
  }
}

/** Notes in the table what this transport did. */
export function seen({ task }: TestContext, what: string): void {
  task.meta.seen = what;
}
