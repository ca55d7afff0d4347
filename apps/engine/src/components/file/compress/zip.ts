import { z } from 'zod';
import { defineFileTransformer, secret } from '#dataflow';

export default defineFileTransformer({
  type: 'file.compress.zip',
  title: 'Compress with zip',
  summary: 'Puts each file into a zip archive of its own and adds .zip to its name.',
  notes: [
    'One archive for each file, with that file as its one entry. Files of any size; the zip64 form is used where it is needed.',
    '',
    '- Without a password every unzip program reads it. With one the entry is encrypted with AES-256 as WinZip, 7-Zip, macOS’s Archive Utility and most libraries read it; `unzip` of Info-ZIP and the Windows Explorer do not.',
    '- The entry has the time of the file, or the start of the job when the file has none.',
    '- Compression runs beside the other steps, on a second processor core where there is one.',
    '- The original’s parameter for the password is not documented; `password` is the name chosen here.',
  ].join('\n'),
  faults: [
    {
      when: 'The receiver’s unzip says "unsupported compression method 99" or "need PK compat. v5.1"',
      effect: 'Nothing here: the archive is right, the program does not know AES.',
      remedy: 'Unpack with 7-Zip, or leave the password away and encrypt with file.encrypt.pgp.',
    },
  ],
  limits: ['One entry in each archive.', 'The name of the entry is not encrypted: zip cannot do that.'],
  params: z.object({
    password: secret().optional().meta({
      title: 'Password',
      help: 'Encrypts the archive with AES-256. Without it the archive is not encrypted.',
      source: 'choice',
    }),
  }),
  examples: [
    { title: 'Not encrypted', params: {} },
    { title: 'Encrypted', params: { password: 'correct horse battery staple' } },
  ],
  async *transform(file, { params: { password }, job }) {
    const timeMs = file.modifiedMs ?? job.startTime.getTime();
    // Loaded here: the zip library costs every other flow time at its start.
    const { zip } = await import('#formats/zip/write.ts');
    yield { name: `${file.name}.zip`, read: () => zip(file.read(), { name: file.name, timeMs, password }) };
  },
});
