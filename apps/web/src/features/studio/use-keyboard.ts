import { useEffect } from 'react';
import { documentStore } from '../../document/store.ts';
import { type Command, commands, isPossible } from './commands.ts';
import { isTyping, matches } from './shortcuts.ts';
import { useStudio } from './studio-context.ts';

/** These keys mean something else on buttons, links and lists; there they are left alone. */
const canvasKeys = new Set(['tab', 'enter', 'delete', 'backspace']);

function onCanvas(target: EventTarget | null): boolean {
  return target === document.body || (target instanceof Element && target.closest('.react-flow') !== null);
}

function find(event: KeyboardEvent): Command | undefined {
  const typing = isTyping(event.target);
  return commands.find(
    (command) =>
      !command.native &&
      (!typing || command.whileTyping) &&
      command.shortcuts?.some((shortcut) => matches(event, shortcut) && (!canvasKeys.has(shortcut) || onCanvas(event.target))),
  );
}

/** Runs the command a key belongs to. */
export function useKeyboard(): void {
  const studio = useStudio();
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented) return;
      const command = find(event);
      if (!command) return;
      const context = { store: documentStore, studio };
      // Ctrl+S must never open the browser's own dialog, even when there is nothing to save.
      if (isPossible(command, context)) void command.run(context);
      else if (!command.whileTyping) return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [studio]);
}
