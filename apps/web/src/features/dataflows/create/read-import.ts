import { checkDocument, type DataflowDocument, type Issue, outlineOf, parseDocument } from '@idsync/engine/dataflow';
import { lookup } from '../../../document/catalogue.ts';

export interface Finding extends Issue {
  /** Line in the text, from 1; undefined when the finding belongs to no place in it. */
  line: number | undefined;
}

export interface ImportReading {
  /** Undefined when the text holds no dataflow at all. */
  document: DataflowDocument | undefined;
  outline: string;
  /** Errors first, then in the order of the text. */
  findings: Finding[];
  errors: number;
}

const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** The line where a step begins: that of its id. Good enough to find it, wrong only where a text says the same elsewhere before. */
function lineOfStep(text: string, step: string): number | undefined {
  const quoted = JSON.stringify(step);
  const found = [...text.matchAll(/"id"\s*:\s*("(?:[^"\\]|\\.)*")/g)].find(([, id]) => id === quoted);
  return found && lineAt(text, found.index);
}

/** What an imported text holds and what is wrong with it, as the server will see it. */
export function readImport(text: string): ImportReading {
  const { document, issues } = parseDocument(text);
  const all = document ? [...issues, ...checkDocument(document, lookup)] : issues;
  const findings = all.map((issue): Finding => {
    const line =
      issue.offset !== undefined ? lineAt(text, issue.offset) : issue.step === undefined ? undefined : lineOfStep(text, issue.step);
    return { ...issue, line };
  });
  findings.sort((a, b) => a.severity.localeCompare(b.severity) || (a.line ?? 0) - (b.line ?? 0));
  const errors = findings.filter((finding) => finding.severity === 'error').length;
  return { document, outline: document ? outlineOf(document) : '', findings, errors };
}
