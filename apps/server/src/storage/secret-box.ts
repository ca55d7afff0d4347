import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const PREFIX = 'enc:v1:';
/** True for what {@link SecretBox.seal} makes, and for whatever looks so. */
export const isSealed = (text: string): boolean => text.startsWith(PREFIX);

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Encrypts what must not stand readable in the database: AES-256-GCM under a key that is kept outside of it. */
export interface SecretBox {
  /** `owner` (a row's id) is bound in: a value copied into another row does not open. */
  seal(plain: string, owner: string): string;
  /** Throws when the key is another one, or the text was changed or moved. */
  open(sealed: string, owner: string): string;
  /** A key for another purpose, e.g. signing session cookies; always the same for the same purpose. */
  deriveKey(purpose: string): string;
}

export function openSecretBox(masterKey: Buffer): SecretBox {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', masterKey, '', purpose, 32));
  const key = derive('idsync secrets');
  return {
    seal: (plain, owner) => {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(owner));
      const body = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url');
    },
    open: (sealed, owner) => {
      if (!sealed.startsWith(PREFIX)) throw new Error('A stored secret is not in the form this server writes.');
      const bytes = Buffer.from(sealed.slice(PREFIX.length), 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES)).setAAD(Buffer.from(owner));
      decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new Error(
          'A stored secret cannot be opened with this key. Start with the IDSYNC_SECRET_KEY, or the key file, that it was written with.',
          { cause },
        );
      }
    },
    deriveKey: (purpose) => derive(purpose).toString('base64url'),
  };
}
