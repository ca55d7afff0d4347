import { z } from 'zod';
import {
  type CompileContext,
  checkDatePattern,
  compileChanges,
  compileDateFormat,
  defineRecordTransformer,
  errorText,
  type FieldChange,
  fieldPath,
  type Json,
  RecordError,
} from '#dataflow';
import { compileDateReader, type DateReader, epochReader, isoReader } from '#expressions/dates/date-reader.ts';
import { zoneOf } from '#expressions/dates/zone.ts';

const keywords = ['iso', 'unix', 'millis'];
const isKeyword = (format: string) => keywords.includes(format.toLowerCase());

const format = z
  .string()
  .min(1)
  .superRefine((text, ctx) => {
    const fault = isKeyword(text) ? undefined : checkDatePattern(text);
    if (fault)
      ctx.addIssue({
        code: 'custom',
        message: `${fault}; use letters of Java's date formats, such as yyyy-MM-dd, or one of ${keywords.join(', ')}`,
      });
  });

const timezone = z
  .string()
  .min(1)
  .superRefine((name, ctx) => {
    try {
      zoneOf(name);
    } catch (error) {
      ctx.addIssue({ code: 'custom', message: errorText(error) });
    }
  });

const field = z.object({
  field: fieldPath().meta({ title: 'Field', help: 'Path of the field that holds a date.', source: 'choice' }),
  sourceFormat: z
    .union([format, z.array(format).min(1)])
    .default('iso')
    .meta({
      title: 'Source format',
      help: 'How the date is written now: a pattern such as dd.MM.yyyy, iso, unix (seconds since 1970) or millis. A list is tried in order.',
      examples: ['iso', 'dd.MM.yyyy', 'unix'],
      source: 'choice',
    }),
  targetFormat: format.meta({
    title: 'Target format',
    help: 'How it shall be written: a pattern, iso, unix or millis. The last two give numbers.',
    examples: ['yyyy-MM-dd', 'iso', 'millis'],
    source: 'choice',
  }),
  timezone: timezone.default('UTC').meta({
    title: 'Time zone',
    help: 'Zone the date is written in, and read in when it tells none: Europe/Berlin, +02:00, UTC.',
    examples: ['UTC', 'Europe/Berlin'],
    source: 'choice',
  }),
  sourceTimezone: timezone
    .optional()
    .meta({ title: 'Source time zone', help: 'Zone the date is read in, when that is another.', advanced: true, source: 'choice' }),
});

export default defineRecordTransformer({
  type: 'field.date.format',
  title: 'Reformat dates',
  summary: 'Reads dates in one format and writes them in another, across time zones.',
  notes: [
    "Patterns are those of Java's SimpleDateFormat and DateTimeFormatter: `y M d H h m s S a E D k K z Z X`, text in apostrophes. `YYYY` means the calendar year. Names of months and days are English.",
    "`iso` reads `2024-02-29` and `2024-02-29T12:34:56.789+01:00` (also with a blank in place of T) and writes `yyyy-MM-dd'T'HH:mm:ss.SSSXXX`. `unix` is seconds, `millis` milliseconds since 1970.",
    'Reading is strict: 30 February is no date. Two-digit years mean those from 80 years back to 20 years ahead of the start of the job. A time that clocks show twice means the first; one they skip, as much later.',
    'Null, empty text and fields that are not there stay as they are. The original manual does not tell the parameters of this component: they are chosen here.',
  ].join('\n\n'),
  faults: [
    {
      when: 'A value fits none of the source formats',
      effect: 'The record goes to the error path with code 400009, with its values as they were; the text names field and value.',
      remedy: 'Add the format to the list of source formats.',
    },
  ],
  limits: [
    'Names of zones (CET, EST) are neither read nor written; `z` knows UTC, GMT and offsets.',
    'Weeks (`w`, `W`), eras (`G`) and names in other languages are not known.',
    'Times are exact to the millisecond.',
  ],
  params: z.object({
    fields: z
      .array(field)
      .min(1)
      .meta({ title: 'Fields', help: 'Each field with the format it has and the format it gets.', source: 'choice' }),
  }),
  examples: [
    {
      title: 'A birthday as two partners write it',
      params: { fields: [{ field: 'birthday', sourceFormat: ['dd.MM.yyyy', 'M/d/yyyy'], targetFormat: 'yyyy-MM-dd' }] },
      input: [{ birthday: '29.02.2024' }, { birthday: '2/9/2024' }, { birthday: '' }],
      output: [{ birthday: '2024-02-29' }, { birthday: '2024-02-09' }, { birthday: '' }],
    },
    {
      title: 'A time stamp for people in Berlin',
      params: {
        fields: [{ field: 'lastLogin', sourceFormat: 'millis', targetFormat: 'dd MMM yyyy HH:mm XXX', timezone: 'Europe/Berlin' }],
      },
      input: [{ lastLogin: 1709210096789 }],
      output: [{ lastLogin: '29 Feb 2024 13:34 +01:00' }],
    },
    {
      title: 'What is no date fails the record',
      params: { fields: [{ field: 'created', targetFormat: 'unix' }] },
      input: [{ created: '2023-02-29' }],
      output: [],
      errors: [
        {
          created: '2023-02-29',
          _errorDetails: { errorCode: 400009, errorMessage: 'Field created holds "2023-02-29", which is no date of the format iso.' },
        },
      ],
    },
  ],
  compile: ({ fields }, ctx) => compileChanges(fields.map((entry) => toChange(entry, ctx))),
});

type Entry = z.output<typeof field>;

function toChange({ field: path, sourceFormat, targetFormat, timezone: target, sourceTimezone }: Entry, ctx: CompileContext): FieldChange {
  const formats = [sourceFormat].flat();
  const readers = formats.map((one) => readerOf(one, sourceTimezone ?? target, ctx));
  const write = writerOf(targetFormat, target);
  const change = (value: Json): Json => {
    if (value === null || value === '') return value;
    const text = typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : undefined;
    if (text !== undefined) {
      for (const read of readers) {
        const instant = read(text);
        if (instant !== undefined && !Number.isNaN(instant)) return write(instant);
      }
    }
    throw unreadable(path, value, formats);
  };
  return { path, change, mayFail: true };
}

function readerOf(name: string, timezoneName: string, { job }: CompileContext): DateReader {
  const zone = zoneOf(timezoneName);
  switch (name.toLowerCase()) {
    case 'iso':
      return isoReader(zone);
    case 'unix':
      return epochReader(1000);
    case 'millis':
      return epochReader(1);
    default:
      return compileDateReader(name, { zone, thisYear: job.startTime.getUTCFullYear() });
  }
}

function writerOf(name: string, timezoneName: string): (instantMs: number) => Json {
  if (name.toLowerCase() === 'unix') return (instantMs) => Math.floor(instantMs / 1000);
  if (name.toLowerCase() === 'millis') return (instantMs) => instantMs;
  const zone = zoneOf(timezoneName);
  const write = compileDateFormat(name.toLowerCase() === 'iso' ? "yyyy-MM-dd'T'HH:mm:ss.SSSXXX" : name);
  return (instantMs) => write(new Date(instantMs), zone.offsetMinutes(instantMs));
}

function unreadable(path: string, value: Json, formats: readonly string[]): RecordError {
  const shown = typeof value === 'object' ? (Array.isArray(value) ? 'a list' : 'an object') : JSON.stringify(value).slice(0, 60);
  const known = formats.length === 1 ? `the format ${formats[0]}` : `the formats ${formats.join(', ')}`;
  return new RecordError(`Field ${path} holds ${shown}, which is no date of ${known}.`, { code: 'invalidRecord' });
}
