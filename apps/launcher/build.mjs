// Builds what is older than what it is made from.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './install.mjs';

const stamps = path.join(root, 'node_modules', '.idsync');

/** The typed database client, from the schema. */
export const buildClient = () =>
  build({
    name: 'client',
    title: 'Building the database client …',
    from: ['package-lock.json', 'prisma/schema.prisma', 'prisma/prisma.config.ts', 'prisma/schema-engine.mjs'],
    made: 'prisma/generated/client.ts',
    command: ['prisma/generate.ts'],
    folder: '.',
  });

/** The studio's page. */
export const buildWeb = () =>
  build({
    name: 'web',
    title: 'Building the studio …',
    from: [
      'package-lock.json',
      'apps/web',
      'apps/engine/src/dataflow',
      'apps/engine/src/components/catalogue.gen.ts',
      'apps/engine/src/components/catalogue-help.gen.ts',
    ],
    made: 'apps/web/dist/index.html',
    command: [path.join(root, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'],
    folder: 'apps/web',
  });

async function build({ name, title, from, made, command, folder }) {
  const stamp = fingerprint(from);
  const stampFile = path.join(stamps, name);
  if (existsSync(path.join(root, made)) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return;
  console.log(title);
  const child = spawn(process.execPath, command, {
    cwd: path.join(root, folder),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const code = await new Promise((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`${printed.trim()}\n${title.replace(' …', '')} has failed; see above.`);
  mkdirSync(stamps, { recursive: true });
  writeFileSync(stampFile, stamp);
}

/** Changes with the name, size or time of any file. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const source of sources) {
    const full = path.join(root, source);
    if (existsSync(full)) for (const file of filesUnder(full)) hash.update(describe(file));
  }
  return hash.digest('hex');
}

function describe(file) {
  const { size, mtimeMs } = statSync(file);
  return `${file} ${size} ${mtimeMs}\n`;
}

function filesUnder(file) {
  if (!statSync(file).isDirectory()) return [file];
  const kept = readdirSync(file).filter((name) => !['node_modules', 'dist', '.turbo'].includes(name) && !name.includes('.test.'));
  return kept.sort().flatMap((name) => filesUnder(path.join(file, name)));
}
