import { existsSync } from 'node:fs';
import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Plugin } from 'vite';

/** A page that is open in a browser loads its later parts by their old names; they are kept this long. */
const keptMs = 7 * 24 * 3_600_000;

/** Deletes what the new build does not have and nobody can still be using. */
async function prune(folder: string, current: ReadonlySet<string>): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (!current.has(name) && Date.now() - (await stat(file)).mtimeMs > keptMs) await rm(file, { force: true, recursive: true });
  }
}

/**
 * Builds in a folder of its own and moves the result into `target` only when it is complete: hashed files first, the page that
 * names them last and in one step. A server that serves `target` meanwhile always has a whole studio to show.
 */
export function buildAside(target: string): Plugin {
  const aside = path.resolve('node_modules', `.build-${process.pid}`);
  let complete = false;
  return {
    name: 'build-aside',
    apply: 'build',
    config: () => ({ build: { outDir: aside, emptyOutDir: true } }),
    writeBundle: () => {
      complete = true;
    },
    async closeBundle() {
      if (!existsSync(aside)) return;
      if (complete) {
        const assets = path.join(target, 'assets');
        await mkdir(assets, { recursive: true });
        await cp(path.join(aside, 'assets'), assets, { recursive: true });
        await prune(assets, new Set(await readdir(path.join(aside, 'assets'))));
        const others = (await readdir(aside)).filter((name) => name !== 'assets' && name !== 'index.html');
        for (const name of [...others, 'index.html']) await rename(path.join(aside, name), path.join(target, name));
      }
      await rm(aside, { recursive: true, force: true });
    },
  };
}
