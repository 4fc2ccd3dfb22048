// Finds a Chromium for the tests: CHROMIUM_BIN, else the one inside the npm package @sparticuz/chromium (linux x64), else a system one.
// Plain JavaScript with a .d.mts beside it, because both vitest's config and the scripts of the package checks use it.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const nodeModules = fileURLToPath(new URL('../../node_modules/', import.meta.url));

const args = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Newer Chromiums keep pages away from loopback servers unless these are off.
  '--disable-features=LocalNetworkAccessChecks,LocalNetworkAccessChecksWebSockets',
];

const launch = (executablePath, extra = {}) => ({ executablePath, args, env: { ...process.env, ...extra } });

/** A browser that cannot load its libraries says so here, before any test waits for it. */
const whyItCannotRun = ({ executablePath, env }) => {
  const { status, error, stderr } = spawnSync(executablePath, ['--version'], { env, encoding: 'utf8', timeout: 20_000 });
  return status === 0 ? undefined : `${executablePath}: ${error?.message ?? (stderr.trim() || `exit code ${status}`)}`;
};

/** The package unpacks to os.tmpdir() and asks the environment which of its libraries to unpack: both are set while it does. */
const unpack = async (into) => {
  const wanted = { TMPDIR: into, AWS_LAMBDA_JS_RUNTIME: 'nodejs20.x' };
  const names = [...Object.keys(wanted), 'LD_LIBRARY_PATH', 'FONTCONFIG_PATH', 'HOME'];
  const before = new Map(names.map((name) => [name, process.env[name]]));
  Object.assign(process.env, wanted);
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    await chromium.executablePath();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
};

/** Unpacked once, next to its final place, then renamed: two test runs at once never see half a browser. */
const fromNpm = async () => {
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('@sparticuz/chromium is for linux x64 only');
  const require = createRequire(import.meta.url);
  const { version } = require(join(nodeModules, '@sparticuz/chromium/package.json'));
  const home = join(nodeModules, '.cache', `chromium-${version}`);
  if (!existsSync(join(home, 'chromium'))) {
    mkdirSync(dirname(home), { recursive: true });
    const draft = mkdtempSync(`${home}-`);
    try {
      await unpack(draft);
      renameSync(draft, home);
    } catch (problem) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(join(home, 'chromium'))) throw problem;
    }
  }
  return launch(join(home, 'chromium'), { LD_LIBRARY_PATH: join(home, 'al2023/lib'), FONTCONFIG_PATH: fontsOf(home) });
};

/** Its own configuration names folders of another machine: without a font no text is drawn, and a page with an `<input>` ends the browser. */
const fontsOf = (home) => {
  const place = join(home, 'fontconfig');
  const config = `<?xml version="1.0"?>\n<fontconfig><dir>${join(home, 'fonts/fonts')}</dir><cachedir>${join(place, 'cache')}</cachedir></fontconfig>\n`;
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'fonts.conf'), config);
  return place;
};

const systemChromiums = () =>
  ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome']
    .filter((path) => existsSync(path))
    .map((path) => launch(path));

/** Playwright's launch options for a Chromium that starts here, or undefined after a message that says why there is none. */
export async function findChromium() {
  const asked = process.env['CHROMIUM_BIN'];
  if (asked) return launch(asked);

  const problems = [];
  try {
    const bundled = await fromNpm();
    const problem = whyItCannotRun(bundled);
    if (problem === undefined) return bundled;
    problems.push(problem);
  } catch (problem) {
    problems.push(problem instanceof Error ? problem.message : String(problem));
  }
  for (const candidate of systemChromiums()) {
    const problem = whyItCannotRun(candidate);
    if (problem === undefined) return candidate;
    problems.push(problem);
  }
  console.warn(`No Chromium can run here, so what needs a browser is left out (CHROMIUM_BIN names one):\n  ${problems.join('\n  ')}`);
  return undefined;
}

/** The launch options for a Chromium of the system that starts here, or undefined: it can do what the one of the npm package is built without. */
export function findSystemChromium() {
  return systemChromiums().find((candidate) => whyItCannotRun(candidate) === undefined);
}
