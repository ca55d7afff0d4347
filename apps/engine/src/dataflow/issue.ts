/** One finding about a document. Checking returns a list of these and never throws. */
export interface Issue {
  severity: 'error' | 'warning';
  /** Stable name for tests and help links, e.g. `cycle`, `dangling-id`, `duplicate-id`, `unknown-component`, `missing-parameter`. */
  code: string;
  /** Step id, when the finding belongs to one. */
  step?: string;
  /** Path inside the step: `params.fields[2].targetField`, `next[0]`, `id`, `type`. */
  field?: string;
  /** What is wrong, in one sentence. */
  message: string;
  /** How to mend it, in one sentence. */
  remedy: string;
  /** Character offset and length in the source text, when it was checked as text. */
  offset?: number;
  length?: number;
}
