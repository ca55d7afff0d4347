import type { DataRecord, Json } from '#dataflow';

/** Chunk sizes that cut characters, escapes, separators and headers in two. */
export const chunkSizes = [1, 2, 3, 5, 7, 13, 64] as const;

/** Texts that break careless code. */
export const texts: readonly string[] = [
  '',
  ' ',
  '\t\r\n',
  '"',
  '""',
  "'",
  ',',
  ';|\t',
  'a,b"c\nd\r\ne',
  '\\',
  '\u0000',
  '\uFEFF',
  'é\u0301 ß ﬁ',
  '日本語 العربية 👩‍👩‍👧‍👦',
  '\u2028\u2029\u0085',
  '=1+1',
  '$\u007bjobId}',
  '__proto__',
  'constructor',
  'null',
  '007',
  '1e400',
  'true',
  '*'.repeat(8),
];

/** Halves of surrogate pairs: legal in JavaScript and JSON, not in UTF-8. */
export const loneSurrogates: readonly string[] = ['\uD83D', '\uDC69', 'a\uD83Db', '\uDC69\uD83D'];

/** A text of one megabyte without a repeating pattern that would compress away. */
export const hugeText = (): string => {
  let seed = 12345;
  return Array.from({ length: 1 << 20 }, () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return String.fromCharCode(32 + (seed % 95));
  }).join('');
};

/** An object inside an object inside an object … */
export const nested = (depth: number): DataRecord => {
  let inner: Json = 'deep';
  for (let i = 0; i < depth; i++) inner = { inner };
  return { inner };
};

/** A key that plain assignment would lose. */
export const withProto = (): DataRecord => JSON.parse('{"__proto__":{"polluted":true},"a":{"__proto__":1,"constructor":2}}') as DataRecord;

/** Records that break careless code. Made anew for each call. */
export const hostileRecords = (): DataRecord[] => [
  {},
  { '': '' },
  withProto(),
  nested(100),
  { constructor: 'c', toString: 't', hasOwnProperty: null, length: 3 },
  { 'profile.email': 'literal', profile: { email: 'nested' } },
  { list: [], object: {}, nothing: null, zero: 0, minus: -1.5e-7, big: 1e300, yes: true, no: false },
  { list: [1, 'two', null, [3], { four: 4 }] },
  { '0': 'zero', '10': 'ten', '2': 'two', b: 'b', a: 'a' },
  ...texts.map((text) => ({ text, [text]: 'as a key' })),
  ...loneSurrogates.map((text) => ({ text })),
];
