import { useCallback } from 'react';
import { documentStore } from '../../document/store.ts';
import { type OfferedCommand, useOfferCommands } from '../../lib/offered-commands.ts';
import { commands, isPossible } from './commands.ts';
import { keysOf } from './shortcuts.ts';
import { useStudio } from './studio-context.ts';

/** The studio's commands in the command palette, those that can be done now. */
export function useOfferedCommands(): void {
  const studio = useStudio();
  useOfferCommands(
    useCallback((): OfferedCommand[] => {
      const context = { store: documentStore, studio };
      return commands
        .filter((command) => command.id !== 'escape' && isPossible(command, context))
        .map(({ id, title, group, shortcuts, run }) => ({
          ...{ id, title, group },
          keys: shortcuts?.[0] === undefined ? undefined : keysOf(shortcuts[0]),
          run: () => run(context),
        }));
    }, [studio]),
  );
}
