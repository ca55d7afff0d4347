// Built-in modules only, any Node from 20 on: this runs on a fresh clone before anything is installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const bin = path.join(root, 'node_modules', '.bin');
const stampFile = path.join(root, 'node_modules', '.installed-lockfile');
const NODE_MAJOR = 24;

/** Installs what the lockfile names, unless that has been done. */
export function install() {
  const stamp = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log('Installing the packages of package-lock.json …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) {
    console.error('npm ci has failed; see above. Check that this machine reaches the npm registry, and try again.');
    process.exit(1);
  }
  writeFileSync(stampFile, stamp);
}

/** Environment in which `node` is Node 24, taken from npm where the machine's own is older. */
export function toolEnvironment(extra = {}) {
  return { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1', ...extra };
}

/** Path of a Node new enough for the product, or the end of the process with words on how to get one. */
export function productNode() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  const bundled = path.join(bin, 'node');
  const version = existsSync(bundled) ? spawnSync(bundled, ['-p', 'process.versions.node'], { encoding: 'utf8' }).stdout.trim() : '';
  if (Number(version.split('.')[0]) >= NODE_MAJOR) return bundled;
  console.error(
    `IdentitySync Studio needs Node ${NODE_MAJOR}; this is ${process.versions.node}, and no bundled one was installed for this system. Install Node ${NODE_MAJOR} and try again.`,
  );
  process.exit(1);
}
