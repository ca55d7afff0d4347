import { z } from 'zod';
import { defineFormatter, fieldPath } from '#dataflow';
import { aamLines } from '#formats/aam/line.ts';
import { partBytes, partParams } from '#formats/part-params.ts';
import { formatParts } from '#formats/parts.ts';
import { lineEncoder, toLines } from '#formats/text-lines.ts';

const dataSource = z.string().regex(/^\d{1,20}$/, { message: 'A data source id is a number, as Audience Manager shows it.' });

export default defineFormatter({
  type: 'file.format.aam',
  title: 'Format for Adobe Audience Manager',
  summary: 'Writes records as an inbound data file of Adobe Audience Manager, under the name it asks for.',
  notes: [
    'One line for each user: the user id, a tab, and the fields as `"key"="value"` pairs, in UTF-8. So Adobe’s pages *Inbound Data File Contents* and *Name Requirements for Inbound Data Files* have it.',
    '',
    '- The file is called `ftp_dpm_DPID_TIMESTAMP.sync`; the time is that of the job’s start, in seconds since 1970. Further parts end in `.sync.1`, `.sync.2` … A gzip step behind adds `.gz`, which Audience Manager reads.',
    '- `overwrite` makes it `.overwrite`: Audience Manager then forgets what it knew of these users from this data source.',
    '- Fields become keys by their name: rename them to what the rules of the traits expect. Lists give the key several times, objects dotted keys. Fields without a value are left out, and records without any key too.',
    '- Fields called `d_sid`, `d_unsid` and `ic` hold numbers of traits and are written as `d_sid=24`.',
    '- Tabs, line ends and quotes cannot stand in values; they become blanks and apostrophes.',
    '- The original documents `dpid` only; the other parameters are chosen here after Adobe’s pages.',
  ].join('\n'),
  faults: [
    {
      when: 'A record has no id, or one with a colon or a blank',
      effect: 'It goes to the error path with code 400009; the others are written.',
      remedy: 'Set idField to the field that holds the id sent to Audience Manager.',
    },
  ],
  limits: [
    'Audience Manager reads at most 200 lines for one user, and wants files below 3 GB (FTP) or 5 GB (S3) after compression: it asks to split larger ones, see maxFileSize.',
  ],
  params: z.object({
    dpid: dataSource.meta({
      title: 'Data provider id',
      help: 'The id of the data source in Audience Manager; part of the file name.',
      examples: ['1234'],
      source: 'doc',
    }),
    targetDpid: dataSource.optional().meta({
      title: 'Target data source',
      help: 'When dpid is one of Adobe’s global data sources (device ids): your own data source, which the data are for.',
      advanced: true,
      source: 'choice',
    }),
    idField: fieldPath().default('UID').meta({ title: 'Id field', help: 'The field that holds the id of the user.', source: 'choice' }),
    overwrite: z.boolean().default(false).meta({
      title: 'Overwrite',
      help: 'Replaces what Audience Manager knows of these users, in place of adding to it.',
      source: 'choice',
    }),
    maxFileSize: partParams.maxFileSize,
    createEmptyFile: partParams.createEmptyFile,
  }),
  examples: [
    {
      title: 'Fields of profiles as keys',
      params: { dpid: '1234' },
      input: [
        { UID: 'u1', gender: 'f', industry: ['IT', 'Law'] },
        { UID: 'u2', gender: null },
        { UID: 'a:b', gender: 'm' },
      ],
      outputFiles: { 'ftp_dpm_1234_1709210096.sync': 'u1\t"gender"="f","industry"="IT","industry"="Law"\n' },
      errors: [
        {
          UID: 'a:b',
          gender: 'm',
          _errorDetails: {
            errorCode: 400009,
            errorMessage: 'The field UID holds a colon or a blank, which Audience Manager does not take in user ids.',
          },
        },
      ],
    },
    {
      title: 'Traits by number, replacing what was known',
      params: { dpid: '20914', targetDpid: '1234', idField: 'gaid', overwrite: true },
      input: [{ gaid: '97987bca-ae59-4c7d-94ba-ee4f19ab8c21', d_sid: [24, 26], d_unsid: 28 }],
      outputFiles: { 'ftp_dpm_20914_1234_1709210096.overwrite': '97987bca-ae59-4c7d-94ba-ee4f19ab8c21\td_sid=24,d_sid=26,d_unsid=28\n' },
    },
  ],
  format(batches, { params, job, reject }) {
    const { dpid, targetDpid, idField, overwrite, maxFileSize, createEmptyFile } = params;
    const seconds = Math.floor(job.startTime.getTime() / 1000);
    const name = ['ftp_dpm', dpid, ...(targetDpid ? [targetDpid] : []), seconds].join('_') + (overwrite ? '.overwrite' : '.sync');
    return formatParts(toLines(batches, aamLines({ idField }), reject), lineEncoder, {
      nameOf: (part) => (part === 0 ? name : `${name}.${part}`),
      maxBytes: partBytes(maxFileSize),
      createEmptyFile,
    });
  },
});
