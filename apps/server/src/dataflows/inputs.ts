import type { DataflowDocument, Json, Step } from '@idsync/engine/dataflow';
import { z } from 'zod';
import { storableText } from '../storage/storable.ts';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any JSON object; what is wrong inside is told as issues. Taken as it is, so that key order and unknown keys survive. */
export const documentInput = z.custom<DataflowDocument>(isObject, 'A dataflow is a JSON object with a list "steps".');

/** Where each step is drawn, by its id. */
export const layoutInput = z.record(z.string().transform(storableText), z.object({ x: z.number(), y: z.number() }));

export const idInput = z.string().regex(/^[0-9a-f]{32}$/, 'An id has 32 hexadecimal digits.');

export const apiKeyInput = z.string().min(1).max(200);

/** Any JSON value: it came out of a JSON body. */
export const jsonInput = z.custom<Json>((value) => value !== undefined);

/** One step of a document, taken as it is. */
export const stepInput = z.custom<Step>(
  (value) => isObject(value) && typeof value.id === 'string' && typeof value.type === 'string',
  'A step is a JSON object with "id" and "type".',
);
