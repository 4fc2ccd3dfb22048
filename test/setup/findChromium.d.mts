export interface ChromiumLaunch {
  executablePath: string;
  args: string[];
  env: Record<string, string>;
}

/** Playwright's launch options for a Chromium that starts here, or undefined after a message that says why there is none. */
export declare function findChromium(): Promise<ChromiumLaunch | undefined>;

/** The launch options for a Chromium of the system that starts here, or undefined: it can do what the one of the npm package is built without. */
export declare function findSystemChromium(): ChromiumLaunch | undefined;
