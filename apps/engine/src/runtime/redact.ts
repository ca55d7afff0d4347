import { type Json, MASK } from '#dataflow';

/** Shorter values would blot out ordinary words; such a "secret" protects nothing. */
const SHORTEST = 3;

export type Redact = <T extends Json | string>(value: T) => T;

/** Replaces every occurrence of the secrets, plain or URL-encoded, in texts and in JSON values (keys too). */
export function redactor(secrets: Iterable<string>): Redact {
  const forms = new Set<string>();
  for (const secret of secrets) {
    if (secret.length < SHORTEST || secret === MASK) continue;
    forms.add(secret);
    forms.add(encodeURIComponent(secret));
    forms.add(JSON.stringify(secret).slice(1, -1));
    for (const line of secret.split('\n')) if (line.length >= 16) forms.add(line);
  }
  if (forms.size === 0) return (value) => value;
  const longestFirst = [...forms].sort((a, b) => b.length - a.length).map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const pattern = new RegExp(longestFirst.join('|'), 'g');
  const redact = (value: Json): Json => {
    if (typeof value === 'string') return value.replace(pattern, MASK);
    if (Array.isArray(value)) return value.map(redact);
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.replace(pattern, MASK), redact(inner)]));
    }
    return value;
  };
  return redact as Redact;
}
