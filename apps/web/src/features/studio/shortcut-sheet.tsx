import { Modal } from '@mantine/core';
import { type Command, commands } from './commands.ts';
import { Keys } from './keys.tsx';
import classes from './shortcut-sheet.module.css';
import { useStudio } from './studio-context.ts';

const gestures = [
  ['Draw an arrow', 'drag from a card’s right edge'],
  ['Draw an error path', 'drag from the lower, square handle'],
  ['Add after a step', 'drop an arrow on nothing'],
  ['Set a step into an arrow', 'drop it on the arrow'],
  ['Select several', 'Shift and drag, or Ctrl and click'],
  ['Open parameters', 'double click'],
] as const;

/** All commands with their keys, made from the list the menus use. */
export function ShortcutSheet() {
  const { shortcutsOpen, setShortcutsOpen } = useStudio();
  const groups = Map.groupBy(
    commands.filter((command) => command.shortcuts),
    (command) => command.group,
  );
  return (
    <Modal opened={shortcutsOpen} onClose={() => setShortcutsOpen(false)} title="Keyboard and mouse" size="lg">
      <div className={classes.columns}>
        {[...groups].map(([group, members]) => (
          <section key={group} className={classes.section}>
            <h3 className={classes.group}>{group}</h3>
            <dl className={classes.list}>
              {members.map((command) => (
                <ShortcutLine key={command.id} command={command} />
              ))}
            </dl>
          </section>
        ))}
        <section className={classes.section}>
          <h3 className={classes.group}>Mouse</h3>
          <dl className={classes.list}>
            {gestures.map(([what, how]) => (
              <div key={what} className={classes.line}>
                <dt>{what}</dt>
                <dd className={classes.how}>{how}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Modal>
  );
}

function ShortcutLine({ command }: { command: Command }) {
  return (
    <div className={classes.line}>
      <dt>{command.title}</dt>
      <dd>
        {command.shortcuts?.map((shortcut) => (
          <Keys key={shortcut} shortcut={shortcut} />
        ))}
      </dd>
    </div>
  );
}
