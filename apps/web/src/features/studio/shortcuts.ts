/** `mod+shift+z`: `mod` is Cmd on a Mac and Ctrl elsewhere; the last part is `KeyboardEvent.key` in lower case. */
export type Shortcut = string;

type Keys = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

export const isMac = (): boolean => /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

/** The keys held and the key struck; the plus sign may be that key itself. */
function partsOf(shortcut: Shortcut): { held: string[]; key: string } {
  const held = shortcut === '+' ? [] : shortcut.split('+');
  return { key: held.pop() ?? '+', held };
}

export function matches(event: Keys, shortcut: Shortcut, mac = isMac()): boolean {
  const { held: parts, key } = partsOf(shortcut);
  const mod = parts.includes('mod');
  const shift = parts.includes('shift');
  // A sign such as ? needs Shift on some keyboards and not on others.
  const shiftFits = key.length === 1 && !/[a-z0-9]/.test(key) ? true : event.shiftKey === shift;
  return (
    event.key.toLowerCase() === key && (mac ? event.metaKey : event.ctrlKey) === mod && shiftFits && event.altKey === parts.includes('alt')
  );
}

const names: Record<string, string> = {
  mod: 'Ctrl',
  shift: 'Shift',
  alt: 'Alt',
  delete: 'Del',
  backspace: 'Backspace',
  escape: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  f2: 'F2',
};
const macNames: Record<string, string> = { mod: '⌘', shift: '⇧', alt: '⌥', delete: '⌦', escape: 'esc' };

/** The keys as they are printed on the keyboard, one text each. */
export function keysOf(shortcut: Shortcut, mac = isMac()): string[] {
  const { held, key } = partsOf(shortcut);
  return [...held, key].map((part) => (mac ? macNames[part] : undefined) ?? names[part] ?? part.toUpperCase());
}

const typingPlaces =
  'input:not([type="checkbox"], [type="radio"]), textarea, select, [contenteditable="true"], .monaco-editor, [role="dialog"]';

/** True where keys belong to what is being typed. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(typingPlaces) !== null;
}
