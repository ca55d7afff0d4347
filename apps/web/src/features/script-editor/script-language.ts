import { javascriptDefaults } from '../../ui/code-editor/monaco.ts';
import { scriptTypes } from './script-types.ts';

let registered = false;

/** Tells the editor what a script may use, once for the page; the arguments of `process` get their types in the editor's worker. */
export function registerScriptLanguage(): void {
  if (registered) return;
  registered = true;
  javascriptDefaults.addExtraLib(scriptTypes, 'ts:idsync/script.d.ts');
}
