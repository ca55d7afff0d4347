import { exampleRules, runsAlone } from './example-rules.ts';
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
  {
    name: 'it tells its limits; one that connects tells its faults',
    faults: (component) => [
      ...(saysSomething(component.limits ?? []) ? [] : ['it tells no limits']),
      ...(runsAlone(component) || saysSomething((component.faults ?? []).flatMap(({ when, effect, remedy }) => [when, effect, remedy]))
        ? []
        : ['it reaches outside and does not tell what can go wrong there']),
    ],
  },
  ...paramRules,
  ...exampleRules,
  ...runRules,
];

const saysSomething = (texts: readonly string[]): boolean =>
  texts.length > 0 && texts.every((text) => /\S \S/.test(text) || /\w\.$/.test(text));
