import { existsSync } from 'node:fs';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.mjs';

/** Run by npx, which installs them outside of this package. */
const runtimes = { deno: '2.9.6', bun: '1.4.5', workerd: '1.20261117.1' };
const npx = (name, ...args) => ['npx', '--yes', '--prefer-offline', '--package', `${name}@${runtimes[name]}`, '--', name, ...args];
const asks = async ([command, ...args]) => (await run(command, args)).match(/\d+([.-]\d+)+/)?.[0] ?? 'unknown';
const runtime = (name) => ({ bundle: 'node', version: () => asks(npx(name, '--version')) });

/** In Node, Deno and Bun the library has `ws` as its default; of the platform's own class a test has to say so. */
const throughWs = { name: 'ws', terminates: true, pauses: true, isWs: true };

const inDeno = { ...runtime('deno'), start: ({ script }) => npx('deno', 'run', '--allow-all', script) };
const inBun = { ...runtime('bun'), start: ({ script }) => npx('bun', 'run', script) };

const inWorkerd = (compatibilityDate) => ({
  ...runtime('workerd'),
  bundle: 'workerd',
  transport: { name: 'platform', terminates: false },
  async start({ folder, script }) {
    const config = join(folder, 'config.capnp');
    await copyFile(script, join(folder, 'worker.mjs')); // it embeds files of its own folder only
    await writeFile(config, `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "main", worker = .worker), (name = "loopback", network = (allow = ["private"]))],
);
const worker :Workerd.Worker = (
  modules = [(name = "main", esModule = embed "worker.mjs")],
  compatibilityDate = ${JSON.stringify(compatibilityDate)},
  globalOutbound = "loopback",
);
`);
    return npx('workerd', 'test', config);
  },
});

const inPage = { bundle: 'page', transport: { name: 'platform', terminates: false } };

/** Nothing that a test looks at: it keeps a new profile from asking questions and from connecting to anybody else. */
const quietFirefox = {
  'app.normandy.enabled': false,
  'app.update.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'extensions.getAddons.cache.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.enabled': false,
};

const miniBrowsers = ['/usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser', '/usr/lib/aarch64-linux-gnu/webkit2gtk-4.1/MiniBrowser'];
const inMiniBrowser = (...args) => ['xvfb-run', '--auto-servernum', miniBrowsers.find((path) => existsSync(path)) ?? 'MiniBrowser', ...args];

/**
 * Where the conformance suite can run besides Node and Chromium. Each platform has
 *
 * - `title`: the head of its column in docs/transports.md
 * - `transport`: what the suite tests there
 * - `bundle`: the kind of script that runs there
 * - `version`: resolves with its version, and rejects where it is not installed
 * - `start`: gives the command that runs the `script`, or the `page` that loads it; `folder` is its own, for files that it needs
 */
export const platforms = {
  'deno-ws': { title: '`ws`, Deno', transport: throughWs, ...inDeno },
  deno: { title: 'Deno’s own', transport: { name: 'own', own: true, terminates: false }, ...inDeno },
  'bun-ws': { title: '`ws`, Bun', transport: throughWs, ...inBun },
  bun: { title: 'Bun’s own', transport: { name: 'own', own: true, terminates: true, pauses: true }, ...inBun },
  workerd: { title: 'workerd', ...inWorkerd('2026-11-01') },
  'workerd-2025': { title: 'workerd, as of 2025', ...inWorkerd('2025-12-31') },
  firefox: {
    title: 'Firefox',
    ...inPage,
    version: () => asks(['firefox-esr', '--version']),
    async start({ folder, page }) {
      const preferences = Object.entries(quietFirefox).map(([name, value]) => `user_pref("${name}", ${JSON.stringify(value)});\n`);
      await writeFile(join(folder, 'user.js'), preferences.join(''));
      return ['firefox-esr', '--headless', '--no-remote', '--profile', folder, page];
    },
  },
  webkitgtk: {
    title: 'WebKitGTK',
    ...inPage,
    version: () => asks(inMiniBrowser('--version')),
    start: ({ page }) => inMiniBrowser('--private', page),
  },
};
