import { z } from 'zod';
import { checkPlaceholders } from '#dataflow';

/** Parameters that every formatter has in common. */
export const partParams = {
  fileName: z
    .string()
    .min(1)
    .superRefine((name, issues) => {
      const message =
        checkPlaceholders(name) ??
        (/[/\\]/.test(name) ? 'A file name has no folders; set the folder where the file is written.' : undefined);
      if (message) issues.addIssue({ code: 'custom', message });
    })
    .meta({
      title: 'File name',
      help: 'Name of the file that is made. Placeholders such as now, now:yyyyMMdd, jobId and apiKey are filled in.',
      examples: ['accounts_$\u007bnow}.csv'],
      placeholders: true,
      source: 'doc',
    }),
  maxFileSize: z.number().positive().default(5000).meta({
    title: 'Largest file',
    help: 'A file that would grow past this size is closed and another one begun: `name.csv`, `name_1.csv` …',
    unit: 'MB',
    source: 'obs',
  }),
  createEmptyFile: z
    .boolean()
    .default(false)
    .meta({ title: 'Create empty file', help: 'Makes a file even when there was no record.', source: 'obs' }),
};

/** Of `maxFileSize`, whose megabytes are 1,048,576 bytes. */
export const partBytes = (maxFileSize: number): number => Math.floor(maxFileSize * 1024 * 1024);
