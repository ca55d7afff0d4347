import { z } from 'zod';
import { checkPlaceholders, type JobInfo } from '#dataflow';
import { partName } from './parts.ts';

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
  addUniqueSuffix: z.boolean().default(false).meta({
    title: 'Add unique suffix',
    help: 'Adds the id of the job to the name, `name_<jobId>.csv`, so that no run replaces the file of another.',
    advanced: true,
    source: 'choice',
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

interface Naming {
  params: { fileName: string; addUniqueSuffix: boolean };
  job: Pick<JobInfo, 'id'>;
  fill(text: string): string;
}

/** The names of a formatter's files: placeholders filled, the job's id added where wanted, `name_1.csv` for the second. */
export function partNames({ params, job, fill }: Naming): (part: number) => string {
  const name = fill(params.fileName);
  const dot = name.lastIndexOf('.');
  const end = dot <= 0 ? name.length : dot;
  const unique = params.addUniqueSuffix ? `${name.slice(0, end)}_${job.id}${name.slice(end)}` : name;
  return (part) => partName(unique, part);
}
