import { z } from 'zod';
import {
  changeColumns,
  changeTexts,
  compileChanges,
  defineRecordTransformer,
  errorText,
  everyField,
  type FieldChange,
  fieldPath,
  type Json,
} from '#dataflow';
import { JavaPattern } from '#expressions/regex/java-pattern.ts';

const field = z
  .object({
    field: fieldPath().meta({
      title: 'Field',
      help: 'Path of the field to change, or * for every field.',
      examples: ['phone', everyField],
      source: 'doc',
    }),
    regex: z
      .string()
      .min(1)
      .meta({
        title: 'Expression',
        help: "A regular expression of Java's kind; every match is replaced.",
        language: 'regex',
        examples: ['[^0-9+]', '^\\s+|\\s+$'],
        source: 'doc',
      }),
    replacement: z
      .string()
      .default('')
      .meta({
        title: 'Replacement',
        help: 'What stands in place of a match. $1 or ${name} is the text of a group, \\$ the sign itself; empty removes the match.',
        examples: ['', '$2 $1'],
        source: 'doc',
      }),
  })
  .superRefine(({ regex, replacement }, ctx) => {
    try {
      new JavaPattern(regex);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: errorText(error), path: ['regex'] });
      return;
    }
    try {
      new JavaPattern(regex).compileReplace(replacement);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: errorText(error), path: [/replacement/.test(errorText(error)) ? 'replacement' : 'regex'] });
    }
  });

export default defineRecordTransformer({
  type: 'field.replace',
  title: 'Replace text',
  summary: 'Replaces what regular expressions match inside the texts of fields.',
  notes: [
    'Expressions are those of Java (`java.util.regex`): classes with `&&`, `\\p{Alpha}`, `\\p{IsLatin}`, `\\Q…\\E`, flags such as `(?i)`, named groups, lookaround and references. `\\w`, `\\d` and `(?i)` mean ASCII, `\\b` knows letters of every script, as in Java.',
    'Entries are applied in order. Texts in lists and objects are changed too, at any depth; names of fields, numbers and booleans are not.',
    'Whatever the expression, matching ends in good time: what could backtrack without end runs on an engine that takes time in proportion to the length of the text.',
  ].join('\n\n'),
  faults: [
    {
      when: 'Possessive quantifiers (`a++`), `(?>…)`, `\\G`, `\\X`, `\\b{g}`, the flag `U`, blocks (`\\p{InGreek}`)',
      effect: 'The flow is refused before it starts; the text names the place in the expression.',
      remedy: 'Leave the last `+` out, write `(?:…)`, name a script (`\\p{IsGreek}`).',
    },
    {
      when: 'Nested repetition together with lookaround, a reference to a group or `(?m)`',
      effect: 'The flow is refused before it starts: no engine could promise an end.',
      remedy: 'Repeat single characters or classes only.',
    },
    {
      when: 'A very long text meets lookaround, a reference, `(?m)`, or `$` behind nested repetition',
      effect: 'The record goes to the error path with code 400124; the text tells the greatest length.',
      remedy: 'Write the expression without these, or `\\z` in place of `$`.',
    },
  ],
  limits: [
    'An expression has at most 10,000 characters.',
    'An empty match never stands between the two halves of a character beyond U+FFFF, where Java would put one.',
    'A search of one text that begins anew at every match ends after 5 seconds, and the record fails.',
  ],
  params: z.object({
    fields: z
      .array(field)
      .min(1)
      .meta({ title: 'Replacements', help: 'Each field with an expression and what replaces its matches.', source: 'doc' }),
  }),
  examples: [
    {
      title: 'A phone number, and blanks at both ends of every field',
      params: {
        fields: [
          { field: 'phone', regex: '[^0-9+]', replacement: '' },
          { field: '*', regex: '^\\s+|\\s+$', replacement: '' },
        ],
      },
      input: [{ phone: '+49 (30) 12-34', name: '  Ann ', tags: [' a', 'b '], age: 41 }],
      output: [{ phone: '+49301234', name: 'Ann', tags: ['a', 'b'], age: 41 }],
    },
    {
      title: 'Groups change places',
      params: { fields: [{ field: 'name', regex: '(?<last>\\w+), (?<first>\\w+)', replacement: '${first} ${last}' }] },
      input: [{ name: 'Berg, Ann' }],
      output: [{ name: 'Ann Berg' }],
    },
  ],
  compile: ({ fields }) => compileChanges(fields.map(toChange)),
  compileColumns: ({ fields }) => {
    const changes = fields.map(toChange);
    return (columns) => changeColumns(columns, changes);
  },
});

function toChange({ field: path, regex, replacement }: z.output<typeof field>): FieldChange {
  const { run, mayFail } = new JavaPattern(regex).compileReplace(replacement);
  return { path, mayFail, change: (value: Json) => (typeof value === 'string' ? run(value) : changeTexts(value, run)) };
}
