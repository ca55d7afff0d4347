import { decryptKey, type Key, type PrivateKey, type PublicKey, readKeys, readPrivateKeys } from 'openpgp';
import { ConfigError } from '#dataflow';
import { readKeyText } from './key-text.ts';

/** Which parameters a key and its passphrase come from. */
export interface KeyFields {
  key: string;
  passphrase: string;
}

/** All keys of a text. Throws a ConfigError that names the field when there is none. */
export async function readPublicKeys(text: string, field: string): Promise<PublicKey[]> {
  const keys = await decode(text, field, {
    armored: (armoredKeys) => readKeys({ armoredKeys }),
    binary: (binaryKeys) => readKeys({ binaryKeys }),
  });
  return keys.map((key) => key.toPublic());
}

/**
 * The private keys of a text, opened with the passphrase where they are locked. Throws a ConfigError that names the field when there is
 * none, or when the passphrase is missing or wrong.
 */
export async function openPrivateKeys(text: string, passphrase: string | undefined, fields: KeyFields): Promise<PrivateKey[]> {
  const keys = await decode(text, fields.key, {
    armored: (armoredKeys) => readPrivateKeys({ armoredKeys }),
    binary: (binaryKeys) => readPrivateKeys({ binaryKeys }),
  });
  return Promise.all(keys.map((key) => open(key, passphrase, fields)));
}

async function open(privateKey: PrivateKey, passphrase: string | undefined, fields: KeyFields): Promise<PrivateKey> {
  if (privateKey.isDecrypted()) return privateKey;
  if (passphrase === undefined)
    throw new ConfigError(
      `The private key ${shortId(privateKey)} is protected by a passphrase and none is set. Set ${fields.passphrase}.`,
      {
        code: 'missingParameter',
        field: `params.${fields.passphrase}`,
      },
    );
  try {
    return await decryptKey({ privateKey, passphrase });
  } catch (cause) {
    const isWrong = cause instanceof Error && cause.message.includes('Incorrect key passphrase');
    const [what, field] = isWrong
      ? [`The passphrase of the private key ${shortId(privateKey)} is wrong. Correct ${fields.passphrase}.`, fields.passphrase]
      : [
          `The private key ${shortId(privateKey)} cannot be opened: it is protected in a way that is not known here. Export it again with gpg.`,
          fields.key,
        ];
    throw new ConfigError(what, { code: 'authenticationFailed', field: `params.${field}`, cause });
  }
}

interface Decoders<K> {
  armored(text: string): Promise<K[]>;
  binary(bytes: Uint8Array): Promise<K[]>;
}

async function decode<K>(text: string, field: string, { armored, binary }: Decoders<K>): Promise<K[]> {
  const found = readKeyText(text);
  try {
    if (found && 'binary' in found) return await binary(found.binary);
    if (found) return (await Promise.all(found.armored.map(armored))).flat();
  } catch (cause) {
    throw new ConfigError(`The key in ${field} cannot be read: it is incomplete or damaged. Export it again and paste all of it.`, {
      code: 'invalidParameter',
      field: `params.${field}`,
      cause,
    });
  }
  throw new ConfigError(`There is no PGP key in ${field}.`, { code: 'invalidParameter', field: `params.${field}` });
}

/** The long key id, as gpg shows it with --keyid-format long. */
export const shortId = (key: Key): string => key.getKeyID().toHex().toUpperCase();

/** Why a key cannot be used, out of what openpgp says; continues "The public key 1234 … cannot be used: ". */
export function unusable(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : '';
  if (/expired/i.test(text)) return 'it has expired. Ask its owner for a new one, or for the same one with a later end';
  if (/revoked/i.test(text)) return 'its owner has revoked it. Ask for the new one';
  if (/future/i.test(text)) return 'it begins in the future. Check the clock of this machine';
  if (/too weak|RSA keys shorter|disabled|insecure hash/i.test(text)) return 'it is too weak by today’s rules. Ask its owner for a new one';
  return 'it has no part for this use. Ask its owner for a key that has (gpg --quick-generate-key NAME default default)';
}
