import type { OfferedCommand } from './offered-commands.ts';

const words = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);

/** How well a command fits: 3 begins so, 2 has a word that begins so, 1 holds it, 0 not at all. */
function closeness({ title, group }: OfferedCommand, asked: readonly string[]): number {
  const text = `${title} ${group}`.toLowerCase();
  if (!asked.every((word) => text.includes(word))) return 0;
  const [first = ''] = asked;
  if (title.toLowerCase().startsWith(first)) return 3;
  return words(text).some((word) => word.startsWith(first)) ? 2 : 1;
}

/** Commands that hold every word of the query, best first; for an empty query those that are not too many to list, in their own order. */
export function searchCommands(commands: readonly OfferedCommand[], query: string): OfferedCommand[] {
  const asked = words(query);
  if (asked.length === 0) return commands.filter(({ searchOnly }) => !searchOnly);
  return commands
    .map((command) => ({ command, fits: closeness(command, asked) }))
    .filter(({ fits }) => fits > 0)
    .sort((a, b) => b.fits - a.fits)
    .map(({ command }) => command);
}
