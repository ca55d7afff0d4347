import { useCallback } from 'react';
import { catalogue } from '../../document/catalogue.ts';
import { documentStore } from '../../document/store.ts';
import { type OfferedCommand, useOfferCommands } from '../../lib/offered-commands.ts';
import { addAfterSelected } from './add-after-selected.ts';
import { commands, isPossible } from './commands.ts';
import { keysOf } from './shortcuts.ts';
import { useStudio } from './studio-context.ts';

/** Every component by name and id. */
const additions: readonly OfferedCommand[] = catalogue.map(({ type, title }) => ({
  ...{ id: `add-${type}`, title: `Add: ${title}`, group: type, searchOnly: true },
  run: () => addAfterSelected(type),
}));

/** The studio's commands in the command palette, those that can be done now, and the components to add. */
export function useOfferedCommands(): void {
  const studio = useStudio();
  useOfferCommands(
    useCallback((): OfferedCommand[] => {
      const context = { store: documentStore, studio };
      const offered: OfferedCommand[] = commands
        .filter((command) => command.id !== 'escape' && isPossible(command, context))
        .map(({ id, title, group, shortcuts, run }) => ({
          ...{ id, title, group },
          keys: shortcuts?.[0] === undefined ? undefined : keysOf(shortcuts[0]),
          run: () => run(context),
        }));
      return studio.refusals.edit === undefined ? [...offered, ...additions] : offered;
    }, [studio]),
  );
}
