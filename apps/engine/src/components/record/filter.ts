import { z } from 'zod';
import { defineRecordTransformer, errorText, RecordError } from '#dataflow';
import { analyseExpression } from '#expressions/compile.ts';

const condition = z
  .string()
  .min(1)
  .superRefine((source, check) => {
    try {
      analyseExpression(source);
    } catch (thrown) {
      check.addIssue({ code: 'custom', message: errorText(thrown) });
    }
  })
  .meta({
    title: 'Condition',
    help: "A JEXL expression over the record's fields. Records for which it is true go on.",
    language: 'jexl',
    examples: ["subscribed eq 'true'", 'not empty profile.email', 'data.points gt 100 and profile.country =~ ["DE", "AT"]'],
    source: 'choice',
  });

export default defineRecordTransformer({
  type: 'record.filter',
  title: 'Filter records',
  summary: 'Lets only those records go on for which a condition is true.',
  notes: [
    'An addition: the original filters by scripts. This is the same without one, and several times faster.',
    '',
    'The condition is an expression as in `field.evaluate`. What counts as true is what counts in `? :`: false, null, an empty text, 0 and the text `false` do not.',
    'Records that do not go on are counted as filtered; with `otherwise` set to `error` they take the error path instead.',
  ].join('\n'),
  faults: [
    {
      when: 'A value cannot be compared or computed with',
      effect: 'The record fails and goes to the error path as it came.',
      remedy: 'Test for the value first, as in `points ne null and points gt 100`.',
    },
  ],
  limits: ['One condition over one record; it sees no other records and no state.'],
  params: z.object({
    condition,
    otherwise: z.enum(['drop', 'error']).default('drop').meta({
      title: 'Other records',
      help: '`drop` leaves them out; `error` sends them down the error path.',
      source: 'choice',
    }),
  }),
  examples: [
    {
      title: 'Subscribers only',
      params: { condition: "subscribed eq 'true'" },
      input: [{ UID: 'u1', subscribed: 'true' }, { UID: 'u2', subscribed: 'false' }, { UID: 'u3' }],
      output: [{ UID: 'u1', subscribed: 'true' }],
    },
    {
      title: 'Those without a mail address to the error path',
      params: { condition: 'not empty profile.email', otherwise: 'error' },
      input: [
        { UID: 'u1', profile: { email: 'a@example.com' } },
        { UID: 'u2', profile: {} },
      ],
      output: [{ UID: 'u1', profile: { email: 'a@example.com' } }],
      errors: [
        { UID: 'u2', profile: {}, _errorDetails: { errorCode: 400009, errorMessage: 'The condition is not true for this record.' } },
      ],
    },
  ],
  keysOfFilter: ({ condition: source }) => [...analyseExpression(source).keys],
  compile: ({ condition: source, otherwise }) => {
    const { run } = analyseExpression(`(${source}\n) ? true : false`);
    const refused = new RecordError('The condition is not true for this record.', { code: 'invalidRecord' });
    return (record) => {
      if (run(record) === true) return record;
      if (otherwise === 'error') throw refused;
      return undefined;
    };
  },
});
