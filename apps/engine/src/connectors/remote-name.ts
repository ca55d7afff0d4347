import { FatalError } from '#dataflow';

/** True for a name that stays in its folder and in its line of a protocol. */
export const isPlainName = (name: string): boolean =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is refused
  name !== '' && name !== '.' && name !== '..' && !/[/\x00-\x1f\x7f]/.test(name);

/** The name of a remote file as it came, or a FatalError when it would leave its folder. */
export function plainName(name: string): string {
  if (isPlainName(name)) return name;
  throw new FatalError(`${JSON.stringify(name)} cannot be the name of a remote file. Use a name without slashes and control characters.`, {
    code: 'invalidParameter',
    details: { name },
  });
}

/** A remote folder as it came, or a FatalError when it holds characters that would end a line of a protocol. */
export function plainPath(folder: string): string {
  if (folder.split('/').every((part) => part === '' || part === '.' || part === '..' || isPlainName(part))) return folder;
  throw new FatalError(`${JSON.stringify(folder)} cannot be a remote folder. Remove the control characters from remotePath.`, {
    code: 'invalidParameter',
    details: { folder },
  });
}
