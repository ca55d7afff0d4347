import { z } from 'zod';

/** Parameters that several steps of the platform share. */
export const pageSize = () =>
  z.int().min(1).max(10_000).default(300).meta({
    title: 'Page size',
    help: 'Records in one page of the search. The platform gives at most 1000; more is read as 1000.',
    advanced: true,
    source: 'obs',
  });

export const excludeEmptyFields = () =>
  z.boolean().default(false).meta({
    title: 'Leave out empty fields',
    help: 'Nulls, empty texts, lists and objects are left out. Otherwise a selected field that a record lacks is null.',
    source: 'obs',
  });

export const keepFieldNamesWithDotAsIs = () =>
  z.boolean().default(false).meta({
    title: 'Keep dots in names',
    help: 'Names with dots stay one name. Otherwise they become nested objects.',
    advanced: true,
    source: 'inf',
  });

export const whereParam = (...examples: string[]) =>
  z
    .string()
    .optional()
    .meta({
      title: 'Condition',
      help: `A condition of the search language without the word WHERE. Time marks such as \${now-1h} work when the job pulls all records.`,
      examples,
      language: 'gigya-query',
      formerly: ['whereClause'],
      source: 'doc',
    });

export const maxConnections = (most: number, help: string) =>
  z.int().min(1).max(100).default(most).meta({ title: 'Parallel calls', help, source: 'obs' });

export const addResponse = () =>
  z
    .boolean()
    .default(false)
    .meta({ title: 'Add the answer', help: 'Adds the platform’s answer to the record as `_response`, on refusals too.', source: 'doc' });
