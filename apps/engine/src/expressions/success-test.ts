import { z } from 'zod';
import { type DataRecord, errorText, type Json } from '#dataflow';
import { compileExpression } from './compile.ts';

/** The parameter by which a step is told what counts as a success. */
export const successTestParam = z
  .string()
  .optional()
  .superRefine((text, check) => {
    try {
      if (text !== undefined) compileExpression(text);
    } catch (thrown) {
      check.addIssue({ code: 'custom', message: errorText(thrown) });
    }
  })
  .meta({
    title: 'Success test',
    help: 'A JEXL expression over `status` (HTTP status), `headers` (names in lower case) and `body` (the JSON answer); an answer for which it is not true is a failure. Without it 200 to 299 is a success.',
    examples: ['status eq 200 and body.success eq true'],
    language: 'jexl',
    advanced: true,
    source: 'choice',
  });

interface Answer {
  status: number;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  json: Json | undefined;
}

/** The test as a function over answers; undefined when none is given. */
export function successTest(text: string | undefined): ((answer: Answer) => boolean) | undefined {
  if (text === undefined) return undefined;
  const run = compileExpression(text);
  return ({ status, headers, json }) => run({ status, headers: headers as DataRecord, body: json ?? null }) === true;
}
