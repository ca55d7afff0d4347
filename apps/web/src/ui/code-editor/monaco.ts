import { loader } from '@monaco-editor/react';
import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/register.all';
import 'monaco-editor/languages/definitions/javascript/register';
import 'monaco-editor/languages/definitions/typescript/register';
import EditorWorker from 'monaco-editor/editor/editor.worker?worker';
import JsonWorker from 'monaco-editor/languages/features/json/json.worker?worker';
import { jsonDefaults } from 'monaco-editor/languages/features/json/register';
import { javascriptDefaults, ScriptTarget } from 'monaco-editor/languages/features/typescript/register';

import { defineThemes } from './editor-themes.ts';
import ScriptWorker from './script.worker.ts?worker';

// Workers come from this site's own files: nothing is loaded from elsewhere.
self.MonacoEnvironment = {
  getWorker: (_id: string, label: string) =>
    label === 'json' ? new JsonWorker() : /script/.test(label) ? new ScriptWorker() : new EditorWorker(),
};

// The package's own types name the same interfaces by another path.
loader.config({ monaco: monaco as never });
defineThemes(monaco);

jsonDefaults.setDiagnosticsOptions({ validate: true, allowComments: true, trailingCommas: 'ignore' });
javascriptDefaults.setCompilerOptions({
  allowJs: true,
  checkJs: true,
  target: ScriptTarget.ESNext,
  lib: ['es2021'],
  allowNonTsExtensions: true,
  strict: false,
});
javascriptDefaults.setDiagnosticsOptions({ noSemanticValidation: false, noSyntaxValidation: false });

export { javascriptDefaults, monaco };
