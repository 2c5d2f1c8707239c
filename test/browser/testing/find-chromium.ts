import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];
/** The second: without it Chinese is drawn as boxes. */
const PACKAGES = ['chromium', 'fonts-noto-cjk'];
const INSTALL_MILLIS = 200_000;

/**
 * A Chromium of this machine: what LOGFERRY_CHROMIUM names, or one on the PATH. Where there is none, and Debian's packages may be
 * installed, it is installed. Answers why not otherwise.
 */
export function findChromium(): string | { readonly missing: string } {
  const given = process.env['LOGFERRY_CHROMIUM'];
  if (given !== undefined) return existsSync(given) ? given : { missing: `there is no ${given}` };
  const found = onPath();
  if (found !== undefined) return found;
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).status !== 0)
    return { missing: 'there is no Chromium: install it, or name one in LOGFERRY_CHROMIUM' };
  console.error(`Installing ${PACKAGES.join(' and ')} from the packages of Debian …`);
  const options = { timeout: INSTALL_MILLIS, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
  const install = () =>
    spawnSync('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...PACKAGES], options);
  // The list of packages may be missing or old.
  if (install().status !== 0) {
    spawnSync('apt-get', ['update', '-q'], options);
    install();
  }
  return onPath() ?? { missing: 'apt-get could not install chromium' };
}

function onPath(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((path) => existsSync(path));
}
