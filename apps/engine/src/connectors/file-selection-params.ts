import { z } from 'zod';
import type { ParamMeta } from '#dataflow';
import { checkFileNamePattern } from './select-files.ts';

/** The parameters by which a reader of a folder chooses and orders its files; `source` tells where they are known from for that reader. */
export const fileSelectionParams = (source: NonNullable<ParamMeta['source']>) => ({
  fileNameRegex: z
    .string()
    .optional()
    .superRefine((text, check) => {
      const fault = text === undefined ? undefined : checkFileNamePattern(text);
      if (fault) check.addIssue({ code: 'custom', message: fault });
    })
    .meta({
      title: 'File names',
      help: 'A regular expression that the whole name must match. A plain name such as accounts.json works too.',
      examples: ['accounts_.*\\.csv', 'accounts.json'],
      language: 'regex',
      source,
    }),
  sortBy: z.enum(['time', 'name']).default('time').meta({ title: 'Order by', help: 'What the files are put in order by.', source }),
  sortOrder: z.enum(['ASC', 'DESC']).default('ASC').meta({ title: 'Order', help: 'ASC reads the oldest or the first name first.', source }),
});
