import { type Json, MASK } from '#dataflow';

/** Shorter values would blot out ordinary words; such a "secret" protects nothing. */
const SHORTEST = 3;

export type Redact = <T extends Json | string>(value: T) => T;

/** Shortest piece of base64 taken for a secret's; shorter ones are found in any text. */
const SHORTEST_BASE64 = 8;

/**
 * Replaces every occurrence of the secrets in texts and in JSON values (keys too): plain, as addresses, forms, JSON and XML write
 * them, and inside any base64, such as a header of basic authentication; also the beginning of one where a text was cut off (`…`).
 */
export function redactor(secrets: Iterable<string>): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST || secret === MASK) continue;
    for (const form of formsOf(secret)) forms.add(form);
  }
  if (forms.size === 0) return (value) => value;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(longestFirst.join('|'), 'g');
  const masked = (text: string): string => withoutCutSecrets(text.replace(pattern, MASK), forms);
  const redact = (value: Json): Json => {
    if (typeof value === 'string') return masked(value);
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [masked(key), redact(inner)]));
    }
    return value;
  };
  return redact as Redact;
}

/** A platform's answer is shortened before it comes here, perhaps in the middle of a secret it repeats. */
function withoutCutSecrets(text: string, forms: ReadonlySet<string>): string {
  const pieces = text.split('…');
  if (pieces.length === 1) return text;
  const end = pieces.length - 1;
  return pieces.map((piece, i) => (i === end ? piece : withoutBeginning(piece, forms))).join('…');
}

/** A text that ends with the beginning of a secret, without that. */
function withoutBeginning(text: string, forms: ReadonlySet<string>): string {
  let longest = SHORTEST;
  for (const form of forms) {
    let length = Math.min(form.length - 1, text.length);
    while (length > longest && !(text.endsWith(form[length - 1] ?? '') && text.endsWith(form.slice(0, length)))) length--;
    longest = Math.max(longest, length);
  }
  return longest > SHORTEST ? text.slice(0, -longest) + MASK : text;
}

function* formsOf(secret: string): Generator<string> {
  const form = new URLSearchParams({ s: secret }).toString().slice(2);
  yield* [secret, form, form.replaceAll('+', '%20'), JSON.stringify(secret).slice(1, -1), xmlText(secret)];
  if (secret.isWellFormed()) yield encodeURIComponent(secret);
  for (const line of secret.split('\n')) if (line.length >= 16) yield line;
  for (const line of textInBase64(secret).split('\n')) if (line.length >= 16) yield line;
  for (const piece of base64Pieces(secret))
    if (piece.length >= SHORTEST_BASE64) yield* [piece, piece.replaceAll('+', '-').replaceAll('/', '_')];
}

const xmlText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A key file may be stored as base64 of its text. */
const textInBase64 = (text: string): string =>
  /^LS0tLS1CRUdJTi/.test(text) ? Buffer.from(text, 'base64').toString('utf8').replaceAll('\r', '') : '';

/** What a text looks like in base64 of something that holds it: the characters that what stands around it cannot change. */
const base64Pieces = (text: string): string[] =>
  [0, 1, 2].map((before) => {
    const bytes = Buffer.from('\0'.repeat(before) + text);
    return bytes.toString('base64').slice(Math.ceil((before * 4) / 3), Math.floor((bytes.length * 4) / 3));
  });
