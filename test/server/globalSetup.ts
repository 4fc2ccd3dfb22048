import type { TestProject } from 'vitest/node';
import { startWireServer } from './WireServer.js';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the wire server of this project answers control requests. */
    serverUrl: string;
  }
}

/** One server for each project: a browser's pages and Node's tests never meet on one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startWireServer();
  project.provide('serverUrl', server.url);
  return () => server.close();
}
