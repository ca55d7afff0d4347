import { type DecryptMessageResult, decrypt, enums, type Message, type PrivateKey, type PublicKey, readMessage } from 'openpgp';
import { FatalError } from '#dataflow';
import { checkExpansion, type ExpansionLimit } from '../expansion.ts';
import { gather } from '../gather.ts';
import { malformedFile } from '../malformed-file.ts';
import { peek } from '../peek.ts';
import { readSpooled, spool } from '../spool.ts';
import { webStream } from '../web-stream.ts';
import { asDecryptionError } from './decryption-error.ts';
import { packetTag } from './key-text.ts';
import { openPrivateKeys, readPublicKeys, shortId } from './keys.ts';

export interface DecryptionKeys {
  privateKeys: PrivateKey[];
  /** Undefined: signatures are not asked for. */
  verificationKeys: PublicKey[] | undefined;
}

export interface DecryptionOptions {
  privateKey: string;
  passphrase?: string | undefined;
  verificationKeys?: string | undefined;
}

/** Reads and opens the keys. Throws a ConfigError that names the field when one cannot be used. */
export async function decryptionKeys({ privateKey, passphrase, verificationKeys }: DecryptionOptions): Promise<DecryptionKeys> {
  return {
    privateKeys: await openPrivateKeys(privateKey, passphrase, { key: 'privateKey', passphrase: 'passphrase' }),
    verificationKeys: verificationKeys === undefined ? undefined : await readPublicKeys(verificationKeys, 'verificationKeys'),
  };
}

/**
 * The content of an encrypted file, armoured or binary. It is decrypted into the spool folder first, and nothing of it is handed on before
 * its integrity, and its signature where one is asked for, was found right. Throws a FatalError that names the file when it is not.
 */
export async function* decryptPgp(
  chunks: AsyncIterable<Uint8Array>,
  keys: DecryptionKeys,
  limit: ExpansionLimit & { spoolFolder: string },
): AsyncGenerator<Uint8Array> {
  const { fileName, spoolFolder } = limit;
  const peeked = await peek(chunks, headBytes);
  const input = new CountedInput(peeked.chunks);
  try {
    const { data, signatures } = await start(peeked.head, input, keys, fileName);
    await using plain = await spool(limited(data, input, limit), spoolFolder);
    if (keys.verificationKeys) await verify(signatures, keys.verificationKeys, fileName);
    yield* readSpooled(plain);
  } catch (thrown) {
    throw input.fault === undefined ? asDecryptionError(thrown, fileName) : input.fault;
  } finally {
    await input.close();
  }
}

const headBytes = 1024;
const inputBytes = 262_144;
const armour = /^\uFEFF?\s*-----BEGIN PGP MESSAGE-----/;

/** Begins to decrypt; the data comes with the last chunk's integrity still unknown. */
async function start(head: Buffer, input: CountedInput, { privateKeys, verificationKeys = [] }: DecryptionKeys, fileName: string) {
  const text = head.toString('utf8');
  const isArmored = armour.test(text);
  if (head.length === 0) throw malformedFile(`${fileName} is empty, so it is no PGP file.`, fileName);
  if (!isArmored && packetTag(head) === undefined) throw malformedFile(`${fileName} is no PGP file.`, fileName);
  const bytes = webStream(gather(input.chunks(), inputBytes));
  const config = { allowUnauthenticatedStream: true };
  const message = isArmored
    ? await readMessage({
        armoredMessage: bytes.pipeThrough(new TextDecoderStream('latin1') as TransformStream<Uint8Array, string>),
        config,
      })
    : await readMessage({ binaryMessage: bytes, config });
  checkRecipients(message, privateKeys, fileName);
  const result = await decrypt({ message, decryptionKeys: privateKeys, verificationKeys, format: 'binary', config });
  // A signature nobody asks for may be wrong: that must not end the process.
  for (const { verified } of result.signatures) verified.catch(() => undefined);
  return { data: result.data as AsyncIterable<Uint8Array>, signatures: result.signatures };
}

/** Throws when none of the keys can open the message, and says whom it is for. */
function checkRecipients(
  message: Message<ReadableStream<Uint8Array> | ReadableStream<string>>,
  privateKeys: readonly PrivateKey[],
  fileName: string,
): void {
  const wanted = message.getEncryptionKeyIDs();
  const details = { file: fileName };
  if (wanted.length === 0 && message.packets.findPacket(enums.packet.symEncryptedSessionKey)) {
    const what = 'is encrypted with a password in place of a key, which is not handled. Have it encrypted for a key.';
    throw new FatalError(`${fileName} ${what}`, { code: 'authenticationFailed', details });
  }
  const own = privateKeys.flatMap((key) => key.getKeyIDs());
  if (wanted.length === 0 || wanted.some((id) => id.toHex() === hiddenKey || own.some((other) => other.equals(id)))) return;
  const ids = wanted.map((id) => id.toHex().toUpperCase()).join(', ');
  const what = `is encrypted for other keys (${ids}), not for the private key ${privateKeys.map(shortId).join(', ')}`;
  throw new FatalError(`${fileName} ${what}. Correct privateKey, or have the file encrypted for it.`, {
    code: 'authenticationFailed',
    details,
  });
}

/** gpg --throw-keyids hides whom a message is for. */
const hiddenKey = '0000000000000000';

async function* limited(data: AsyncIterable<Uint8Array>, input: CountedInput, limit: ExpansionLimit): AsyncGenerator<Uint8Array> {
  let output = 0;
  for await (const chunk of data) {
    output += chunk.length;
    checkExpansion(limit, input.bytes, output);
    yield chunk;
  }
}

/** One good signature by one of the keys is enough. */
async function verify(signatures: DecryptMessageResult['signatures'], keys: readonly PublicKey[], fileName: string): Promise<void> {
  const results = await Promise.allSettled(signatures.map(({ verified }) => verified));
  if (results.some(({ status }) => status === 'fulfilled')) return;
  const expected = `Expected is one by ${keys.map(shortId).join(', ')}.`;
  const signers = signatures.map(({ keyID }) => keyID.toHex().toUpperCase()).join(', ');
  const known = signatures.some(({ keyID }) => keys.some((key) => key.getKeyIDs().some((own) => own.equals(keyID))));
  const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
  const what =
    signatures.length === 0
      ? 'is not signed'
      : known
        ? `has a signature by ${signers} that is not good (${reasons.map((reason) => String(reason?.message ?? reason)).join('; ')})`
        : `is signed by ${signers}, which is none of the verificationKeys`;
  throw new FatalError(`${fileName} ${what}. ${expected}`, { code: 'notAllowed', cause: reasons[0], details: { file: fileName } });
}

/** Counts what was read, keeps what went wrong there apart from what goes wrong with it, and lets go of it. */
class CountedInput {
  bytes = 0;
  fault: unknown;
  readonly #chunks: AsyncGenerator<Uint8Array>;

  constructor(chunks: AsyncGenerator<Uint8Array>) {
    this.#chunks = chunks;
  }

  async *chunks(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of this.#chunks) {
        this.bytes += chunk.length;
        yield chunk;
      }
    } catch (thrown) {
      this.fault = thrown;
      throw thrown;
    }
  }

  async close(): Promise<void> {
    await this.#chunks.return(undefined);
  }
}
