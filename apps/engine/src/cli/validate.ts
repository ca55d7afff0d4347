import { parseArgs } from 'node:util';
import { EXIT } from './exit.ts';
import { issueText, readFlow } from './read-flow.ts';

/** `idsync validate flow.json`: lists every issue; exit code 2 when one of them is an error. */
export async function validate(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const [file] = positionals;
  if (!file) throw new Error('name the flow file to check: idsync validate flow.json');
  const { document, issues } = await readFlow(file);
  const valid = !issues.some((issue) => issue.severity === 'error');
  if (values.json) console.log(JSON.stringify({ valid, issues }, undefined, 2));
  else {
    for (const issue of issues) console.log(issueText(issue));
    if (valid) console.log(`${file} is valid: ${document?.steps.length ?? 0} steps.`);
  }
  return valid ? EXIT.succeeded : EXIT.invalid;
}
