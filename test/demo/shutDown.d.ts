declare module '*/server/shutDown.mjs' {
  export function shutDown(
    parts: {
      feed: { stop(): void };
      gateway: { stop(code: number, reason: string): Promise<unknown> };
      server: { close(): unknown; closeAllConnections(): void };
    },
    within?: number,
  ): Promise<void>;
}
