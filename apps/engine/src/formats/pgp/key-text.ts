import { MASK } from '#dataflow';

export type KeyKind = 'public' | 'private';

/** Keys as a person gave them: armoured blocks, or the bytes of one or more keys. */
export type KeyText = { armored: string[] } | { binary: Uint8Array };

const block = /-----BEGIN PGP ([A-Z ]+)-----([\s\S]*?)-----END PGP \1-----/g;

/**
 * Takes keys in the forms people have them: armoured text, also with its line breaks lost or written as `\n`; base64 of armoured text; base64
 * of the binary form. Several armoured blocks may follow each other. Undefined: none of these.
 */
export function readKeyText(text: string): KeyText | undefined {
  const plain = text.includes('\\n') ? text.replaceAll('\\r', '').replaceAll('\\n', '\n') : text;
  const armored = Array.from(plain.matchAll(block), ([, kind = '', body = '']) => armor(kind, body));
  if (armored.length > 0) return { armored };
  const compact = plain.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]{16,}={0,2}$/.test(compact)) return undefined;
  const bytes = Buffer.from(compact, 'base64');
  const inner = bytes.toString('latin1');
  if (inner.includes('-----BEGIN PGP')) return readKeyText(inner);
  return packetTag(bytes) === undefined ? undefined : { binary: bytes };
}

/** Lines of its own for headers, data and checksum, as an armoured block must have them. */
function armor(kind: string, body: string): string {
  const lines = body.trim().includes('\n') ? body.trim().split(/\r?\n/) : body.trim().split(/\s+/);
  const trimmed = lines.map((line) => line.trim());
  const headers = trimmed.filter((line) => /^[A-Za-z]+: /.test(line));
  const data = trimmed.filter((line) => line !== '' && !/^[A-Za-z]+: /.test(line));
  return [`-----BEGIN PGP ${kind}-----`, ...headers, '', ...data, `-----END PGP ${kind}-----`, ''].join('\n');
}

const publicKeyTag = 6;
const secretKeyTag = 5;

/** The tag of the first OpenPGP packet (RFC 9580 section 4.2); undefined when the bytes are none. */
export function packetTag(bytes: Uint8Array): number | undefined {
  const first = bytes[0];
  if (first === undefined || (first & 0x80) === 0) return undefined;
  return first & 0x40 ? first & 0x3f : (first >> 2) & 0x0f;
}

/** What makes a text no key of this kind, to be seen without decoding it; undefined when nothing does. */
export function keyTextFault(text: string, kind: KeyKind): string | undefined {
  if (text === MASK) return undefined;
  const found = readKeyText(text);
  if (!found)
    return `This is no PGP key. Give the armoured ${kind} key (-----BEGIN PGP ${kind.toUpperCase()} KEY BLOCK-----), or base64 of its file.`;
  const isPrivate =
    'binary' in found
      ? packetTag(found.binary) === secretKeyTag
      : found.armored.some((text) => text.startsWith('-----BEGIN PGP PRIVATE KEY BLOCK'));
  const isPublic =
    'binary' in found
      ? packetTag(found.binary) === publicKeyTag
      : found.armored.some((text) => text.startsWith('-----BEGIN PGP PUBLIC KEY BLOCK'));
  if (kind === 'public' && isPrivate)
    return 'This is a private key, which nobody else should have. Give the public key (gpg --armor --export NAME).';
  if (kind === 'private' && isPublic && !isPrivate)
    return 'This is a public key, which cannot decrypt or sign. Give the private key (gpg --armor --export-secret-keys NAME).';
  if (!isPublic && !isPrivate) return 'This is PGP, but no key: it looks like a message or a signature. Give the key.';
  return undefined;
}
