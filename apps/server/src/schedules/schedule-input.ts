import { z } from 'zod';
import { storableText } from '../storage/storable.ts';
import { frequencyTypes } from './next-time.ts';

const MOST_UNITS = 10_000;
const LARGEST_LIMIT = 2_000_000_000;

/** Null and the empty text mean "not given". */
const given = (value: unknown): unknown => (value === null || value === '' ? undefined : value);
/** Clients send numbers and booleans as texts, too. */
const optionalNumber = (largest: number) => z.preprocess(given, z.coerce.number().int().min(1).max(largest).optional());
const flag = (byDefault: boolean) =>
  z.preprocess((value) => {
    const set = given(value);
    return typeof set === 'string' ? ({ true: true, false: false }[set.toLowerCase()] ?? set) : set;
  }, z.boolean().default(byDefault));
const mails = z.preprocess(
  given,
  z
    .string()
    .max(2000)
    .default('')
    .refine(
      (text) => text.split(',').every((part) => part.trim() === '' || /^[^\s@]+@[^\s@]+$/.test(part.trim())),
      'e-mail addresses, separated by commas',
    ),
);

/** `yyyy-MM-dd HH:mm:ss` or ISO; UTC unless an offset is given. */
const time = z.preprocess(given, z.string().optional());

/** A schedule as clients send it. Fields that the server owns, and unknown ones, are left out. */
export const scheduleInput = z
  .object({
    name: z.string().trim().min(1).max(200).transform(storableText),
    dataflowId: z.string().regex(/^[0-9a-f]{32}$/, 'An id has 32 hexadecimal digits.'),
    frequencyType: z.enum(frequencyTypes),
    frequencyInterval: optionalNumber(MOST_UNITS),
    nextJobStartTime: time,
    enabled: flag(true),
    fullExtract: flag(false),
    limit: optionalNumber(LARGEST_LIMIT),
    logLevel: z.preprocess(given, z.enum(['info', 'error', 'debug']).default('info')),
    successEmailNotification: mails,
    failureEmailNotification: mails,
    missedRuns: z.preprocess(given, z.enum(['once', 'all', 'skip']).default('once')),
    overlap: z.preprocess(given, z.enum(['skip', 'queue', 'stop']).optional()),
  })
  .refine(({ frequencyType, frequencyInterval }) => frequencyType === 'once' || frequencyInterval !== undefined, {
    path: ['frequencyInterval'],
    message: 'A schedule that comes back needs the number of units between two times.',
  });

export type ScheduleInput = z.infer<typeof scheduleInput>;
