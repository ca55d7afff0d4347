import { z } from 'zod';
import { defineFileTransformer, secret } from '#dataflow';
import { expansionParam } from '#formats/expansion-param.ts';
import { spool } from '#formats/spool.ts';

export default defineFileTransformer({
  type: 'file.uncompress.zip',
  title: 'Uncompress zip',
  summary: 'Unpacks each zip archive: one file for each entry.',
  notes: [
    'The directory of a zip archive stands at its end, so an archive is first written to the job’s spool folder whole; its entries then stream out of there, in the order of the directory.',
    '',
    '- A file is named after its entry without the folders it stands in. When two entries have the same name the second becomes `name_1.csv`, and the trace says so.',
    '- Folders, symbolic links and what macOS adds (`__MACOSX/`, `.DS_Store`) are passed over.',
    '- Encrypted archives: AES (WinZip, 7-Zip) and ZipCrypto. ZipCrypto is weak; take it as no protection.',
    '- Read are Deflate, Deflate64 and stored entries, zip64, and archives with other bytes in front (self-extracting ones).',
    '- An entry whose name climbs out of its folder (`../`), is an absolute path, or holds control characters fails the job before anything of it is unpacked.',
    '- The original’s parameters are not documented; all of them are chosen here.',
  ].join('\n'),
  faults: [
    {
      when: 'The file is empty, no zip archive, cut off or damaged',
      effect: 'The job fails; the message names the archive and the entry. A file written from it is not published.',
      remedy: 'Have the archive made or transferred again; `unzip -t` tells whether it is whole.',
    },
    {
      when: 'The archive is encrypted and the password is missing or wrong',
      effect: 'The job fails; the message names the field.',
      remedy: 'Set or correct password.',
    },
    {
      when: 'It unpacks to more than maxTotalSize, more than maxExpansion times its size, or has more than maxEntries entries',
      effect:
        'Too many entries, or a size it admits itself, fail the job before anything is unpacked; a size it hides stops it at the limit.',
      remedy: 'Raise the limit if the archive is meant to be like that.',
    },
    {
      when: 'A name that leaves its folder, or entries that share their bytes',
      effect: 'The job fails: such archives are made to do harm.',
      remedy: 'Ask where the archive comes from; have it made again.',
    },
  ],
  limits: [
    'The spool folder needs room for one archive.',
    'The checksum of an entry is known at its end: what a damaged one held before may have gone on already, as records; files made of it are withdrawn.',
    'The first 256 MB of output are free of maxExpansion.',
    'The directory of an archive may have 64 MB: enough for half a million entries with names of usual length.',
    'Not handled: archives in several parts, encrypted file names, bzip2, LZMA, Zstandard.',
  ],
  params: z.object({
    password: secret()
      .optional()
      .meta({ title: 'Password', help: 'For encrypted archives. Others are read without it.', source: 'choice' }),
    maxExpansion: expansionParam,
    maxTotalSize: z.int().min(1).default(51_200).meta({
      title: 'Largest total',
      help: 'All files of one archive together may not be larger than this.',
      unit: 'MB',
      advanced: true,
      source: 'choice',
    }),
    maxEntries: z.int().min(1).max(1_000_000).default(10_000).meta({
      title: 'Most entries',
      help: 'An archive with more entries, folders included, is refused.',
      advanced: true,
      source: 'choice',
    }),
  }),
  examples: [
    { title: 'Any archive', params: {} },
    {
      title: 'An encrypted archive, with tight limits',
      params: { password: 'correct horse battery staple', maxTotalSize: 500, maxEntries: 10 },
    },
  ],
  async *transform(file, { params, spoolFolder, log }) {
    const { password, maxExpansion, maxTotalSize, maxEntries } = params;
    // Loaded here: the zip library costs every other flow time at its start.
    const { unzip } = await import('#formats/zip/read.ts');
    await using archive = await spool(file.read(), spoolFolder);
    const limits = { maxExpansion, maxEntries, maxBytes: maxTotalSize * 1024 * 1024 };
    yield* unzip(archive, { fileName: file.name, password, ...limits, onNote: (note) => log.warn(note) });
  },
});
