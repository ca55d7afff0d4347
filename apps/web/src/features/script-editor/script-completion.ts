import { javascriptDefaults, monaco } from '../../ui/code-editor/monaco.ts';
import { scriptTypes } from './script-types.ts';

interface Member {
  name: string;
  insert: string;
  about: string;
}

/** A place to fill in, as Monaco's snippets write it. */
const slot = (number: number, name: string) => `\${${number}:${name}}`;
const method = (name: string, values: string, about: string): Member => ({ name, insert: `${name}(${values})`, about });
const levels = ['debug', 'info', 'warn', 'error', 'log'].map((level) =>
  method(level, '$1', `A line of the job's trace at level ${level}.`),
);

/** What stands behind the arguments of `process`, whose types the language cannot infer from a plain function. */
const members: Record<string, readonly Member[]> = {
  ctx: [
    { name: 'jobId', insert: 'jobId', about: 'Id of the running job.' },
    { name: 'dataflowId', insert: 'dataflowId', about: 'Id of the dataflow.' },
    { name: 'stepId', insert: 'stepId', about: 'Id of this step.' },
    method('getSharedVariable', `'${slot(1, 'name')}'`, 'A value kept between records of this job.'),
    method('setSharedVariable', `'${slot(1, 'name')}', ${slot(2, 'value')}`, 'Keeps a value between records of this job.'),
  ],
  logger: levels,
  console: levels,
  next: [method('accept', slot(1, 'record'), 'Sends a record on; return null afterwards.')],
  error: [method('accept', `${slot(1, 'record')}, ${slot(2, 'original')}`, 'Sends a record to the error path; return null afterwards.')],
};

let registered = false;

/** Tells Monaco about scripts, once for the page. */
export function registerScriptLanguage(): void {
  if (registered) return;
  registered = true;
  javascriptDefaults.addExtraLib(scriptTypes, 'ts:idsync/script.d.ts');
  monaco.languages.registerCompletionItemProvider('javascript', {
    triggerCharacters: ['.'],
    provideCompletionItems: (model, position) => {
      const before = model.getLineContent(position.lineNumber).slice(0, position.column - 1);
      const [, owner = ''] = /\b(ctx|logger|console|next|error)\.\w*$/.exec(before) ?? [];
      const word = model.getWordUntilPosition(position);
      const range = {
        startLineNumber: position.lineNumber,
        endLineNumber: position.lineNumber,
        startColumn: word.startColumn,
        endColumn: word.endColumn,
      };
      return {
        suggestions: (members[owner] ?? []).map(({ name, insert, about }) => ({
          label: name,
          kind: insert === name ? monaco.languages.CompletionItemKind.Property : monaco.languages.CompletionItemKind.Method,
          insertText: insert,
          insertTextRules: monaco.languages.CompletionItemInsertTextRule.InsertAsSnippet,
          documentation: about,
          range,
        })),
      };
    },
  });
}
