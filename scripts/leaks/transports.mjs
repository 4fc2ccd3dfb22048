/** The transports of Node; its own is there from Node 22 on. */
export const transports = {
  ws: async () => (await import('ws')).WebSocket,
  undici: async () => (await import('undici')).WebSocket,
  ...(globalThis.WebSocket ? { native: () => globalThis.WebSocket } : {}),
};
