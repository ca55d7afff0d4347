import { readFile } from 'node:fs/promises';
import { components } from '#components';
import { checkDocument, checkMasks, type DataflowDocument, type Issue, type Json, lookupOfComponents, parseDocument } from '#dataflow';

export interface FlowFileResult {
  document: DataflowDocument | undefined;
  issues: Issue[];
}

/** Reads, fills in `{{name}}` and checks a flow file. Throws only when the file cannot be read. */
export async function readFlow(file: string, variables: ReadonlyMap<string, string> = new Map()): Promise<FlowFileResult> {
  const text = await readFile(file, 'utf8').catch((thrown: NodeJS.ErrnoException) => {
    throw new Error(thrown.code === 'ENOENT' ? `There is no file ${file}.` : `${file} cannot be read: ${thrown.message}`);
  });
  const parsed = parseDocument(text);
  if (!parsed.document) return { document: undefined, issues: parsed.issues };
  const document = fillVariables(parsed.document as Json, variables) as DataflowDocument;
  const lookup = lookupOfComponents(components);
  return { document, issues: [...parsed.issues, ...checkDocument(document, lookup), ...checkMasks(document, lookup)] };
}

function fillVariables(value: Json | undefined, variables: ReadonlyMap<string, string>): Json | undefined {
  if (typeof value === 'string') return value.replace(/\{\{([\w.-]+)\}\}/g, (mark, name: string) => variables.get(name) ?? mark);
  if (Array.isArray(value)) return value.map((item) => fillVariables(item, variables) as Json);
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillVariables(inner, variables) as Json]));
  return value;
}

/** One issue for a person: where, what, how to mend it. */
export function issueText(issue: Issue): string {
  const where = [issue.step, issue.field].filter(Boolean).join(' · ');
  return `${issue.severity}: ${where ? `${where}: ` : ''}${issue.message} ${issue.remedy}`;
}
