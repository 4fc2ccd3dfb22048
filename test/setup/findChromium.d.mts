export interface ChromiumLaunch {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

/** Playwright's launch options for a Chromium that starts here, or undefined after a message that says why there is none. */
export declare function findChromium(): Promise<ChromiumLaunch | undefined>;
