import { createHmac, hash } from 'node:crypto';
import { z } from 'zod';
import {
  changeColumns,
  compileChanges,
  defineRecordTransformer,
  type FieldChange,
  fieldPath,
  type Json,
  RecordError,
  secret,
} from '#dataflow';

const params = z.object({
  fields: z.array(fieldPath()).min(1).meta({
    title: 'Fields',
    help: 'Paths of the fields whose values are replaced by their hash, such as profile.email.',
    fieldPath: true,
    source: 'choice',
  }),
  algorithm: z.enum(['sha256', 'sha512', 'sha1', 'md5']).default('sha256').meta({
    title: 'Algorithm',
    help: 'SHA-256 is what platforms ask for today; sha1 and md5 are for those that know nothing else.',
    source: 'choice',
  }),
  encoding: z
    .enum(['hex', 'base64', 'base64url'])
    .default('hex')
    .meta({ title: 'Encoding', help: 'How the hash is written: hexadecimal in small letters, or base64.', source: 'choice' }),
  normalize: z.enum(['none', 'trim', 'lowercase', 'digits']).default('none').meta({
    title: 'Normalise',
    help: 'What happens before: trim takes blanks off both ends, lowercase also makes letters small (mail addresses, names), digits keeps figures only (phone numbers).',
    source: 'choice',
  }),
  salt: secret().optional().meta({
    title: 'Salt',
    help: 'A secret that goes into every hash, so that nobody without it can find the values by trying.',
    source: 'choice',
  }),
  saltUse: z.enum(['hmac', 'before', 'after']).default('hmac').meta({
    title: 'Use of the salt',
    help: 'hmac: as the key of an HMAC, the safe way; before or after: joined with the value, as some platforms have it.',
    advanced: true,
    source: 'choice',
  }),
});

export default defineRecordTransformer({
  type: 'field.hash',
  title: 'Hash fields',
  summary: 'Replaces values by their hash, SHA-256 by default, for targets that must not see them.',
  notes: [
    'The text of a value in UTF-8 is hashed; numbers and booleans are taken as text. Null, empty text and fields that are not there stay as they are, for the hash of nothing would look like a person.',
    'For matching by Google, Meta and the like: *normalize* lowercase for mail addresses, no salt, hexadecimal. Hashing without a salt does not make data anonymous: whoever has a list of addresses can find them again.',
    'A value that is a list has each of its items hashed. An object fails the record: it must not pass unhashed.',
  ].join('\n\n'),
  faults: [
    {
      when: 'A field holds an object',
      effect: 'The record goes to the error path with code 400009, with its values as they were.',
      remedy: 'Name the member that is meant: profile.email in place of profile.',
    },
  ],
  limits: ['A hash cannot be turned back. Copy the field first with field.copy if both are needed.'],
  params,
  examples: [
    {
      title: 'A mail address as ad platforms want it',
      params: { fields: ['email'], normalize: 'lowercase' },
      input: [{ email: ' Ann@Example.com ' }, { email: '' }],
      output: [{ email: '71d4f55f72fa128dfb468a1a3901507c804b74316488744d769d7f4b16696476' }, { email: '' }],
    },
    {
      title: 'Keyed with a secret',
      params: { fields: ['UID'], salt: 'example-salt', encoding: 'base64url' },
      input: [{ UID: 'u1' }],
      output: [{ UID: 'Sx-p6QfirT9rYu-yD3YAGVjFkEIIGOm7tK7xZipJ30k' }],
    },
  ],
  compile: (settings) => compileChanges(changesOf(settings)),
  compileColumns: (settings) => {
    const changes = changesOf(settings);
    // A cell is never an object; what other columns hold is known of each row only.
    return (columns) => (columns.every((column) => 'cell' in column) ? changeColumns(columns, changes.map(withoutFailure)) : undefined);
  },
});

type Settings = z.output<typeof params>;

const withoutFailure = ({ path, change }: FieldChange): FieldChange => ({ path, change });

function changesOf(settings: Settings): FieldChange[] {
  const digest = compileDigest(settings);
  return settings.fields.map((path) => ({ path, change: (value) => hashValue(value, path, digest), mayFail: true }));
}

function hashValue(value: Json, path: string, digest: (text: string) => string): Json {
  if (value === null || value === '') return value;
  if (Array.isArray(value)) return value.map((item) => hashValue(item, path, digest));
  if (typeof value !== 'object') return digest(String(value));
  throw new RecordError(`Field ${path} holds an object, which has no hash. Name the member that is meant, such as ${path}.email.`, {
    code: 'invalidRecord',
  });
}

function compileDigest({ algorithm, encoding, normalize, salt, saltUse }: Settings): (text: string) => string {
  const plain = (text: string) => hash(algorithm, text, encoding);
  const normal = normalizations[normalize];
  // What is empty once it is normalised is nobody's either.
  const keep = (make: (text: string) => string) => (text: string) => {
    const value = normal(text);
    return value === '' ? '' : make(value);
  };
  if (salt === undefined) return keep(plain);
  if (saltUse === 'before') return keep((text) => plain(salt + text));
  if (saltUse === 'after') return keep((text) => plain(text + salt));
  return keep((text) => createHmac(algorithm, salt).update(text).digest(encoding));
}

const normalizations: Record<Settings['normalize'], (text: string) => string> = {
  none: (text) => text,
  trim: (text) => text.trim(),
  lowercase: (text) => text.trim().toLowerCase(),
  digits: (text) => text.replace(/\D/g, ''),
};
