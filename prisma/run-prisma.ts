import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Runs the Prisma CLI with our schema engine, so that it never asks the network for one. Resolves to what it printed; rejects with the same when it failed. */
export async function runPrisma(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, [require.resolve('prisma/build/index.js'), ...args], {
    cwd: here('.'),
    env: {
      ...process.env,
      CHECKPOINT_DISABLE: '1',
      PRISMA_HIDE_UPDATE_MESSAGE: '1',
      ...env,
      PRISMA_SCHEMA_ENGINE_BINARY: here('./schema-engine.mjs'),
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (printed += text));
  const code = await new Promise<number | null>((resolve, reject) => child.once('error', reject).once('close', resolve));
  if (code !== 0) throw new Error(`prisma ${args.join(' ')} ended with code ${code}:\n${printed.trim()}`);
  return printed;
}
