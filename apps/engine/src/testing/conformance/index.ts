import { exampleRules } from './example-rules.ts';
import { paramRules } from './param-rules.ts';
import type { Rule } from './rule.ts';
import { runRules } from './run-rules.ts';

/** What every component must pass, whoever wrote it. */
export const conformanceRules: readonly Rule[] = [
  {
    name: 'it says what it is, in a line each',
    faults: ({ title, summary }) => [
      ...(title.trim() === '' || title.includes('\n') ? ['the title is no line'] : []),
      ...(/^\S.*[.]$/.test(summary) ? [] : ['the summary is not one line that ends with a full stop']),
    ],
  },
  ...paramRules,
  ...exampleRules,
  ...runRules,
];
