import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const KEY_BYTES = 32;

/** The master key: what the operator set, else the file `secret-key` in the data folder, made at first start and readable by its owner only. */
export async function readSecretKey({ secretKey, dataFolder }: { secretKey: string | undefined; dataFolder: string }): Promise<Buffer> {
  if (secretKey !== undefined) return decodeKey(secretKey, 'IDSYNC_SECRET_KEY');
  const file = path.join(dataFolder, 'secret-key');
  await mkdir(dataFolder, { recursive: true });
  if (!existsSync(file)) {
    // Linked into place, so that of two processes that start together both read one whole key.
    const draft = `${file}.${randomUUID()}`;
    await writeFile(draft, randomBytes(KEY_BYTES).toString('base64'), { mode: 0o600 });
    await link(draft, file).catch(unlessItExists);
    await rm(draft);
  }
  return decodeKey((await readFile(file, 'utf8')).trim(), file);
}

function unlessItExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

function decodeKey(text: string, where: string): Buffer {
  const key = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (key.length !== KEY_BYTES) throw new Error(`${where} must hold 32 bytes as base64 or hex, e.g. from "openssl rand -base64 32".`);
  return key;
}
