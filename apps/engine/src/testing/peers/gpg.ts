import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { command } from './command.ts';

/** GnuPG with a key ring of its own in a folder of its own. */
export interface Gpg {
  folder: string;
  /** Runs gpg there; returns what it wrote. `passphrase` opens keys. */
  run(args: readonly string[], options?: { input?: Uint8Array; passphrase?: string }): Buffer;
  /** Makes a key with subkey for encryption and returns its fingerprint. */
  makeKey(name: string, options?: { algorithm?: string; passphrase?: string; expires?: string }): string;
  /** Encrypts or signs, as the arguments say, by way of a file, as large inputs want it. */
  pack(args: readonly string[], content: Uint8Array, passphrase?: string): Buffer;
  stop(): void;
}

export function startGpg(): Gpg {
  const folder = mkdtempSync(path.join(tmpdir(), 'idsync-gpg-'));
  const run: Gpg['run'] = (args, { input, passphrase = '' } = {}) =>
    command(
      'gpg',
      [
        '--homedir',
        folder,
        '--batch',
        '--quiet',
        '--no-tty',
        '--trust-model',
        'always',
        '--pinentry-mode',
        'loopback',
        '--passphrase',
        passphrase,
        ...args,
      ],
      {
        cwd: folder,
        ...(input && { input }),
      },
    );
  return {
    folder,
    run,
    makeKey: (name, { algorithm = 'default', passphrase, expires = 'never' } = {}) => {
      run(['--quick-generate-key', name, algorithm, 'default', expires], passphrase === undefined ? {} : { passphrase });
      const listed = run(['--with-colons', '--list-keys', name]).toString();
      return /^fpr:+([0-9A-F]+):/m.exec(listed)?.[1] ?? '';
    },
    pack: (args, content, passphrase) => {
      const [plain, packed] = [path.join(folder, 'plain'), path.join(folder, 'packed')];
      writeFileSync(plain, content);
      rmSync(packed, { force: true });
      run(['--output', packed, ...args, plain], passphrase === undefined ? {} : { passphrase });
      return readFileSync(packed);
    },
    stop: () => {
      command('gpgconf', ['--homedir', folder, '--kill', 'gpg-agent']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
