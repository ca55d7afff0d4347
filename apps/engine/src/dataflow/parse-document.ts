import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { DataflowDocument } from './document.ts';
import { checkShape } from './document-shape.ts';
import type { Issue } from './issue.ts';
import { readTree } from './json-tree.ts';

/**
 * Reads a dataflow from JSON text; `//` and block comments, trailing commas and a byte order mark are accepted.
 * `document` is there when the text has the shape of a dataflow; whether it can run, `checkDocument` tells.
 */
export function parseDocument(text: string): { document?: DataflowDocument; issues: Issue[] } {
  const skipped = text.startsWith('\uFEFF') ? 1 : 0;
  const body = text.slice(skipped);
  const { document, issues } = parse(body);
  const shifted = issues.map((issue) => (issue.offset === undefined ? issue : { ...issue, offset: issue.offset + skipped }));
  return document ? { document, issues: shifted } : { issues: shifted };
}

/** The JSON of a document, indented by two blanks, keys in the order of the document. */
export const formatDocument = (document: DataflowDocument): string => `${JSON.stringify(document, null, 2)}\n`;

function parse(body: string): { document?: DataflowDocument; issues: Issue[] } {
  try {
    const errors: ParseError[] = [];
    const tree = parseTree(body, errors, { allowTrailingComma: true });
    if (errors.length > 0 || !tree) return { issues: errors.length > 0 ? errors.map((error) => syntaxIssue(error, body)) : [noJson(body)] };
    const { value, issues } = readTree(tree);
    const faults = checkShape(value, tree);
    return faults.length > 0 ? { issues: [...faults, ...issues] } : { document: value as DataflowDocument, issues };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return {
      issues: [{ ...noJson(body), message: 'The text is nested too deeply to be a dataflow.', remedy: 'Check for repeated brackets.' }],
    };
  }
}

const noJson = (body: string): Issue => ({
  severity: 'error',
  code: 'not-json',
  message: body.trim() === '' ? 'The text is empty.' : 'The text is not JSON.',
  remedy: 'Paste the JSON of a dataflow: {"name": …, "steps": […]}.',
  offset: 0,
  length: body.length,
});

const meanings: Record<string, [message: string, remedy: string]> = {
  InvalidSymbol: ['this is no JSON value', 'Put texts into double quotes; other values are numbers, true, false and null.'],
  InvalidNumberFormat: ['this number is not written as JSON writes numbers', 'Write it as 12, -1.5 or 2e3, or put it into quotes.'],
  PropertyNameExpected: ['a property name is missing', 'Put the name into double quotes.'],
  ValueExpected: ['a value is missing', 'Add the value, or remove the comma or name before it.'],
  ColonExpected: ['a colon is missing', 'Put a colon between name and value.'],
  CommaExpected: ['a comma is missing', 'Put a comma between the two.'],
  CloseBraceExpected: ['a closing } is missing', 'Add it, or remove the opening one.'],
  CloseBracketExpected: ['a closing ] is missing', 'Add it, or remove the opening one.'],
  EndOfFileExpected: ['there is more text after the end', 'Remove what follows the last bracket.'],
  UnexpectedEndOfComment: ['a comment is not closed', 'Close it with */.'],
  UnexpectedEndOfString: ['a text is not closed', 'Close it with a double quote on the same line.'],
  InvalidUnicode: ['a \\u escape is incomplete', 'Write four hexadecimal digits after \\u.'],
  InvalidEscapeCharacter: ['this escape is unknown', 'Double the backslash to mean a backslash.'],
  InvalidCharacter: ['a control character stands in a text', 'Write it as an escape: \\n, \\t or \\u00XX.'],
};

function syntaxIssue({ error, offset, length }: ParseError, body: string): Issue {
  const lines = body.slice(0, offset).split('\n');
  const name = printParseErrorCode(error);
  const [message, remedy] = meanings[name] ?? [`the text is not JSON (${name})`, 'Correct the text there.'];
  const where = `Line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
  return { severity: 'error', code: 'not-json', message: `${where}: ${message}.`, remedy, offset, length };
}
