import { type ExecFileSyncOptions, execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const folders = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/bin', '/usr/local/bin', '/opt/homebrew/bin'];

/** Why tests against these programs cannot run here; undefined when they can. On CI they run, and so fail, in any case. */
export function commandMissing(...names: string[]): string | undefined {
  const missing = names.filter((name) => find(name) === undefined);
  return missing.length > 0 && !process.env.CI ? `${missing.join(', ')} not installed` : undefined;
}

/** Runs a program to its end, in a locale that knows UTF-8 names, and returns what it wrote; throws with what it complained about when it fails. */
export function command(name: string, args: readonly string[], options: ExecFileSyncOptions = {}): Buffer {
  const program = find(name);
  if (program === undefined) throw new Error(`${name} is not installed.`);
  const env = { ...process.env, LC_ALL: 'C.UTF-8', ...options.env };
  const out = execFileSync(program, args, { stdio: ['pipe', 'pipe', 'pipe'], maxBuffer: 1 << 30, ...options, env, encoding: 'buffer' });
  return out as Buffer;
}

const find = (name: string): string | undefined => folders.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
