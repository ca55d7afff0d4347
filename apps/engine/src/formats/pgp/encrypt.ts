import { createMessage, encrypt, type PrivateKey, type PublicKey } from 'openpgp';
import { ConfigError } from '#dataflow';
import { gather } from '../gather.ts';
import { webStream } from '../web-stream.ts';
import { openPrivateKeys, readPublicKeys, shortId, unusable } from './keys.ts';

export interface EncryptionOptions {
  publicKey: string;
  /** Text (ASCII armour) in place of bytes. */
  armor: boolean;
  signingKey?: string | undefined;
  signingPassphrase?: string | undefined;
}

export interface EncryptionKeys {
  recipients: PublicKey[];
  signers: PrivateKey[];
  armor: boolean;
}

/** Reads the keys and makes sure that they can be used. Throws a ConfigError that names the field and the key when one cannot. */
export async function encryptionKeys({ publicKey, armor, signingKey, signingPassphrase }: EncryptionOptions): Promise<EncryptionKeys> {
  const recipients = await readPublicKeys(publicKey, 'publicKey');
  for (const key of recipients) await usable(key, 'publicKey', () => key.getEncryptionKey());
  if (signingKey === undefined) return { recipients, signers: [], armor };
  const signers = await openPrivateKeys(signingKey, signingPassphrase, { key: 'signingKey', passphrase: 'signingPassphrase' });
  for (const key of signers) await usable(key, 'signingKey', () => key.getSigningKey());
  return { recipients, signers, armor };
}

async function usable(key: PublicKey, field: string, check: () => Promise<unknown>): Promise<void> {
  try {
    await check();
  } catch (cause) {
    const owner = key.getUserIDs()[0];
    throw new ConfigError(`The key ${shortId(key)}${owner ? ` of ${owner}` : ''} cannot be used: ${unusable(cause)}.`, {
      code: 'invalidParameter',
      field: `params.${field}`,
      cause,
    });
  }
}

const inputBytes = 65_536;
const outputBytes = 65_536;

/** The bytes encrypted for all recipients, and signed when there are signers. */
export async function* encryptPgp(
  chunks: AsyncIterable<Uint8Array>,
  { recipients, signers, armor }: EncryptionKeys,
  { name, timeMs }: { name: string; timeMs: number },
): AsyncGenerator<Uint8Array> {
  const input = gather(chunks, inputBytes);
  try {
    const binary = webStream(input);
    const message = await createMessage({ binary, filename: name, date: new Date(timeMs) });
    const keys = { message, encryptionKeys: recipients, ...(signers.length > 0 && { signingKeys: signers }) };
    const packed = armor ? bytesOfText(await encrypt({ ...keys, format: 'armored' })) : await encrypt({ ...keys, format: 'binary' });
    yield* gather(packed, outputBytes);
  } finally {
    await input.return(undefined);
  }
}

async function* bytesOfText(pieces: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  for await (const piece of pieces) yield Buffer.from(piece, 'latin1');
}
