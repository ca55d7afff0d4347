import { autoLayout } from '../../document/drawing/auto-layout.ts';
import type { DocumentStore } from '../../document/store.ts';
import { isDirty } from '../../document/store.ts';
import { copiedText, duplicateSelected, pasteText } from './clipboard-actions.ts';
import { openQuickAdd } from './open-quick-add.ts';
import { removeSelected } from './remove-selected.ts';
import type { Shortcut } from './shortcuts.ts';
import { wholeFlow } from './show-beginning.ts';
import type { Studio } from './studio-context.ts';

export interface CommandContext {
  store: DocumentStore;
  studio: Studio;
}

/** Something a person can ask of the studio. Menus, toolbar, keyboard and shortcut sheet read the same list. */
export interface Command {
  id: string;
  title: string;
  group: 'Flow' | 'Edit' | 'Steps' | 'View';
  /** Several ways for the same; the first is the one shown in menus. */
  shortcuts?: readonly Shortcut[];
  /** The browser's own event does it (copy, cut, paste); the shortcut is only shown. */
  native?: boolean;
  /** Works while a text field has the keyboard. */
  whileTyping?: boolean;
  when?(context: CommandContext): boolean;
  run(context: CommandContext): unknown;
}

const hasSteps = ({ store }: CommandContext) => store.getState().selection.steps.length > 0;
const hasSelection = ({ store }: CommandContext) => hasSteps({ store } as CommandContext) || store.getState().selection.arrows.length > 0;
const hasOneStep = ({ store }: CommandContext) => store.getState().selection.steps.length === 1;
const onCanvas = ({ studio }: CommandContext) => studio.canvas !== undefined;

const oneStep = ({ store }: CommandContext): string => store.getState().selection.steps[0] ?? '';

async function copySelected({ store }: CommandContext): Promise<void> {
  const text = copiedText(store);
  if (text) await navigator.clipboard.writeText(text);
}

const flow: Command[] = [
  {
    id: 'save',
    title: 'Save',
    group: 'Flow',
    shortcuts: ['mod+s'],
    whileTyping: true,
    when: ({ store, studio }) => !studio.saving && studio.refusals.edit === undefined && isDirty(store.getState()),
    run: ({ studio }) => studio.save(),
  },
  {
    id: 'run-test',
    title: 'Run test',
    group: 'Flow',
    shortcuts: ['mod+enter'],
    whileTyping: true,
    when: ({ studio }) => !studio.saving && studio.refusals.runTest === undefined,
    run: ({ studio }) => studio.run({ test: true }),
  },
  {
    id: 'run',
    title: 'Run',
    group: 'Flow',
    when: ({ studio }) => !studio.saving && studio.refusals.run === undefined,
    run: ({ studio }) => studio.run({ test: false }),
  },
];

const edit: Command[] = [
  {
    id: 'undo',
    title: 'Undo',
    group: 'Edit',
    shortcuts: ['mod+z'],
    when: ({ store }) => store.getState().history.past.length > 0,
    run: ({ store }) => store.getState().undo(),
  },
  {
    id: 'redo',
    title: 'Redo',
    group: 'Edit',
    shortcuts: ['mod+shift+z', 'mod+y'],
    when: ({ store }) => store.getState().history.future.length > 0,
    run: ({ store }) => store.getState().redo(),
  },
  {
    id: 'cut',
    title: 'Cut',
    group: 'Edit',
    shortcuts: ['mod+x'],
    native: true,
    when: hasSteps,
    run: async (context) => {
      await copySelected(context);
      removeSelected(context.store);
    },
  },
  { id: 'copy', title: 'Copy', group: 'Edit', shortcuts: ['mod+c'], native: true, when: hasSteps, run: copySelected },
  {
    id: 'paste',
    title: 'Paste',
    group: 'Edit',
    shortcuts: ['mod+v'],
    native: true,
    run: async ({ store }) => pasteText(store, await navigator.clipboard.readText()),
  },
  {
    id: 'duplicate',
    title: 'Duplicate',
    group: 'Edit',
    shortcuts: ['mod+d'],
    when: hasSteps,
    run: ({ store }) => duplicateSelected(store),
  },
  {
    id: 'delete',
    title: 'Delete',
    group: 'Edit',
    shortcuts: ['delete', 'backspace'],
    when: hasSelection,
    run: ({ store }) => removeSelected(store),
  },
  {
    id: 'select-all',
    title: 'Select all',
    group: 'Edit',
    shortcuts: ['mod+a'],
    when: onCanvas,
    run: ({ store }) => store.getState().select({ steps: store.getState().history.state.document.steps.map(({ id }) => id) }),
  },
];

const steps: Command[] = [
  {
    id: 'quick-add',
    title: 'Add a step after this one',
    group: 'Steps',
    shortcuts: ['tab', 'a'],
    when: (context) => onCanvas(context) && (hasOneStep(context) || context.store.getState().history.state.document.steps.length === 0),
    run: openQuickAdd,
  },
  {
    id: 'parameters',
    title: 'Open parameters',
    group: 'Steps',
    shortcuts: ['enter'],
    when: hasOneStep,
    run: (context) => context.store.getState().inspect(oneStep(context)),
  },
  {
    id: 'rename',
    title: 'Rename',
    group: 'Steps',
    shortcuts: ['f2'],
    when: hasOneStep,
    run: (context) => context.store.getState().inspect(oneStep(context), 'id'),
  },
  {
    id: 'auto-layout',
    title: 'Tidy up',
    group: 'Steps',
    shortcuts: ['shift+l'],
    when: onCanvas,
    run: ({ store, studio }) => {
      const { history, push } = store.getState();
      push({ type: 'move-steps', positions: autoLayout(history.state.document) }, { title: 'Tidy up' });
      requestAnimationFrame(() => studio.canvas?.fitView({ ...wholeFlow, duration: 200 }));
    },
  },
  {
    id: 'escape',
    title: 'Close or deselect',
    group: 'Steps',
    shortcuts: ['escape'],
    run: ({ store }) => {
      const { inspected, inspect, select } = store.getState();
      if (inspected) inspect(undefined);
      else select({});
    },
  },
];

const view: Command[] = [
  {
    id: 'zoom-in',
    title: 'Zoom in',
    group: 'View',
    shortcuts: ['+', '='],
    when: onCanvas,
    run: ({ studio }) => studio.canvas?.zoomIn({ duration: 120 }),
  },
  {
    id: 'zoom-out',
    title: 'Zoom out',
    group: 'View',
    shortcuts: ['-'],
    when: onCanvas,
    run: ({ studio }) => studio.canvas?.zoomOut({ duration: 120 }),
  },
  {
    id: 'fit',
    title: 'Show the whole flow',
    group: 'View',
    shortcuts: ['1'],
    when: onCanvas,
    run: ({ studio }) => studio.canvas?.fitView({ ...wholeFlow, duration: 200 }),
  },
  { id: 'full-screen', title: 'Full screen', group: 'View', shortcuts: ['f'], run: ({ studio }) => studio.toggleFullScreen() },
  {
    id: 'problems',
    title: 'Show problems',
    group: 'View',
    shortcuts: ['shift+p'],
    run: ({ studio }) => studio.setProblemsOpen(!studio.problemsOpen),
  },
  { id: 'shortcuts', title: 'Keyboard shortcuts', group: 'View', shortcuts: ['?'], run: ({ studio }) => studio.setShortcutsOpen(true) },
];

export const commands: readonly Command[] = [...flow, ...edit, ...steps, ...view];

export function commandById(id: string): Command {
  const command = commands.find((candidate) => candidate.id === id);
  if (!command) throw new Error(`There is no command ${id}.`);
  return command;
}

export const isPossible = (command: Command, context: CommandContext): boolean => command.when?.(context) ?? true;
