import { Script } from 'node:vm';
import type { ScriptFailure } from './types.ts';

const parse = (source: string): Error | undefined => {
  try {
    new Script(source, { filename: 'script.js' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
};

/**
 * What is wrong with a script before it runs: a syntax error with its place, or no `process`. Only parses; runs nothing.
 */
export function checkScript(source: string): ScriptFailure | undefined {
  const error = parse(source);
  if (error) return syntaxFailure(error);
  if (declaresProcess(source)) return undefined;
  return { code: 'scriptFailed', message: 'The script declares no function named process.' };
}

/** A second declaration of a top-level name is a syntax error, which tells exactly whether there is a first. */
function declaresProcess(source: string): boolean {
  const clash = parse(`${source}\n;let process;`);
  return clash !== undefined || /\bprocess\s*=[^=]/.test(source);
}

function syntaxFailure(error: Error): ScriptFailure {
  const [place = '', , marks = ''] = (error.stack ?? '').split('\n');
  const line = Number(/^script\.js:(\d+)/.exec(place)?.[1] ?? 1);
  const column = Math.max(1, marks.indexOf('^') + 1);
  return { code: 'scriptFailed', message: `${error.name}: ${error.message} (line ${line}, column ${column})`, line, column };
}
