import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium, type Browser } from 'playwright';
import type { ChromiumLaunch } from '../setup/findChromium.mjs';

const place = fileURLToPath(new URL('../../temp/demo/fonts/', import.meta.url));

/** A browser that came with the packages gets the font that came with it, so that nothing drawn depends on what the machine has. */
export function launchChromium(found: ChromiumLaunch): Promise<Browser> {
  if (found.env['FONTCONFIG_PATH'] === undefined) return chromium.launch(found);
  mkdirSync(place, { recursive: true });
  const fonts = join(dirname(found.executablePath), 'fonts/fonts');
  writeFileSync(
    join(place, 'fonts.conf'),
    `<?xml version="1.0"?>\n<fontconfig><dir>${fonts}</dir><cachedir>${join(place, 'cache')}</cachedir></fontconfig>\n`,
  );
  return chromium.launch({ ...found, env: { ...found.env, FONTCONFIG_PATH: place } });
}
