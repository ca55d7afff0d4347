import { z } from 'zod';
import {
  type ColumnFunction,
  compileWrites,
  copyRecord,
  type DataRecord,
  defineRecordTransformer,
  errorText,
  fieldPath,
  type Json,
  parseFieldPath,
  put,
  RecordError,
  type RecordFunction,
  type RowColumn,
  writeColumn,
} from '#dataflow';
import { analyseExpression, type CompiledExpression } from '#expressions/compile.ts';

const expression = z
  .string()
  .min(1)
  .superRefine((source, ctx) => {
    try {
      analyseExpression(source);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: errorText(error) });
    }
  })
  .meta({
    title: 'Expression',
    help: "A JEXL expression over the record's fields. Unknown fields are null.",
    language: 'jexl',
    examples: ["status eq 'subscribed' ? true : false", "firstName + ' ' + lastName"],
    source: 'doc',
  });

const field = z.object({
  field: fieldPath().meta({ title: 'Field', help: 'Where the result goes; an existing field is replaced.', source: 'doc' }),
  expression,
});

interface Evaluation {
  path: string;
  compiled: CompiledExpression;
}

export default defineRecordTransformer({
  type: 'field.evaluate',
  title: 'Evaluate expressions',
  summary: "Sets fields from expressions over the record's fields.",
  notes: [
    'Expressions are those of Apache Commons JEXL: `eq ne lt gt le ge and or not` or their signs, `? :`, `?:`, `??`, `empty`, `size`, `=~`, arithmetic, and the methods of Java texts such as `.toLowerCase()`.',
    'A field the record does not have is null. `data.subscribed` is the field of that name or the nested one, and `data_subscribed` stands for it too. A name with blanks is written `Custom\\ Field\\ 1`.',
    "`eq` compares across types: `Subscribed eq 'true'` holds for the text and for the boolean. `+` joins two texts, and a text that is no number with anything; null joins as nothing. `'250' + 1` is 251.",
    'Entries are applied in order; a later one sees the results of those before it. When a value cannot be computed with, the record fails and keeps all its fields.',
  ].join('\n\n'),
  faults: [
    {
      when: 'A value that cannot be computed with: a text that is no number in `*`, a part of a text that does not exist',
      effect: 'The record goes to the error path with code 400011; the text names field, operator and value.',
      remedy: "Test it first: `age =~ '[0-9]+' ? age * 2 : null`.",
    },
    {
      when: 'An expression that is wrong, a method that does not exist, a regular expression that cannot be used',
      effect: 'The flow is refused before it starts; the text names the character and what was expected.',
      remedy: 'Correct the expression at that place.',
    },
  ],
  limits: [
    'An expression has at most 10,000 characters, 200 levels of nesting and 500 parts in a row.',
    'Numbers are those of JSON: whole numbers are exact up to 9,007,199,254,740,991.',
    'Assignments, statements, `new` and functions of namespaces are refused.',
  ],
  params: z.object({
    fields: z.array(field).meta({ title: 'Fields', help: 'Each field to set, with its expression.', source: 'doc' }),
    language: z.enum(['jexl']).default('jexl').meta({ title: 'Language', help: 'The language of the expressions.', source: 'doc' }),
  }),
  examples: [
    {
      title: 'Words for a flag, and a full name',
      params: {
        language: 'jexl',
        fields: [
          { field: 'Newsletter', expression: "Subscribed eq 'true' ? 'Yes' : 'No'" },
          { field: 'profile.name', expression: "profile.firstName + ' ' + profile.lastName" },
        ],
      },
      input: [{ Subscribed: true, profile: { firstName: 'Ann', lastName: 'Berg' } }],
      output: [{ Subscribed: true, profile: { firstName: 'Ann', lastName: 'Berg', name: 'Ann Berg' }, Newsletter: 'Yes' }],
    },
    {
      title: 'A text that is no number fails the record',
      params: { fields: [{ field: 'next', expression: 'age * 2' }] },
      input: [{ age: '20' }, { age: 'old' }],
      output: [{ age: '20', next: 40 }],
      errors: [
        {
          age: 'old',
          _errorDetails: { errorCode: 400011, errorMessage: 'Field next cannot be computed: * needs numbers, but was given "old".' },
        },
      ],
    },
  ],
  compile: ({ fields }) => {
    const evaluations = fields.map(toEvaluation);
    return dependsOnEarlier(evaluations) ? inOrder(evaluations) : atOnce(evaluations);
  },
  compileColumns: ({ fields }) => {
    const evaluations = fields.map(toEvaluation);
    return evaluations.some(({ compiled }) => compiled.mayFail) ? () => undefined : onColumns(evaluations);
  },
});

const toEvaluation = ({ field: path, expression: source }: z.output<typeof field>): Evaluation => ({
  path,
  compiled: analyseExpression(source),
});

/** Whether an expression looks at what an earlier entry sets. */
const dependsOnEarlier = (evaluations: Evaluation[]) =>
  evaluations.some(({ compiled }, i) =>
    evaluations.slice(0, i).some(({ path }) => {
      const { key, parts } = parseFieldPath(path);
      return compiled.keys.includes(key) || (parts !== undefined && compiled.keys.includes(parts[0] ?? ''));
    }),
  );

function compute({ path, compiled }: Evaluation, record: DataRecord): Json {
  try {
    return compiled.run(record);
  } catch (cause) {
    throw new RecordError(`Field ${path} cannot be computed: ${errorText(cause)}`, { code: 'expressionFailed', cause });
  }
}

function atOnce(evaluations: Evaluation[]): RecordFunction {
  const { write } = compileWrites(evaluations.map(({ path }) => path));
  return (record) =>
    write(
      record,
      evaluations.map((evaluation) => compute(evaluation, record)),
    );
}

/** Works on a copy, so that a late failure leaves the record as it came. */
function inOrder(evaluations: Evaluation[]): RecordFunction {
  const steps = evaluations.map((evaluation) => ({ evaluation, write: compileWrites([evaluation.path]).write }));
  return (record) => steps.reduce((changed, { evaluation, write }) => write(changed, [compute(evaluation, changed)]), copyRecord(record));
}

const onColumns =
  (evaluations: Evaluation[]): ColumnFunction =>
  (columns) =>
    evaluations.reduce<readonly RowColumn[] | undefined>(
      (changed, { path, compiled }) => changed && writeColumn(changed, path, (name) => computedColumn(name, compiled, changed)),
      columns,
    );

/** Only the columns the expression looks at are decoded. */
function computedColumn(name: string, { keys, run }: CompiledExpression, columns: readonly RowColumn[]): RowColumn {
  const from = columns.filter((column) => keys.includes(column.name));
  return {
    name,
    from,
    compute: (row) => {
      const record: DataRecord = {};
      for (const column of from) {
        const value = row.get(column.name);
        if (value !== undefined) put(record, column.name, value);
      }
      return run(record);
    },
  };
}
