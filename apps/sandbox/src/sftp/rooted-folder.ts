import { realpathSync } from 'node:fs';
import { lstat, realpath } from 'node:fs/promises';
import { dirname, join, posix, sep } from 'node:path';

/** A folder shown to clients as `/`. Remote paths are absolute or relative to `/`. */
export class RootedFolder {
  readonly #root: string;

  constructor(folder: string) {
    this.#root = realpathSync(folder);
  }

  /** The remote path without `.` and `..`; nothing climbs above `/`. */
  normal(path: string): string {
    return posix.resolve('/', path);
  }

  /** The place on disk. Throws EACCES when a symbolic link on the way leads out of the folder. */
  async locate(path: string): Promise<string> {
    const place = join(this.#root, this.normal(path));
    const real = await this.#realOf(place);
    if (real !== this.#root && !real.startsWith(this.#root + sep)) {
      throw Object.assign(new Error(`${path} leads out of the folder`), { code: 'EACCES' });
    }
    return place;
  }

  /** The real path of the place, or of its nearest ancestor that exists. */
  async #realOf(place: string): Promise<string> {
    try {
      return await realpath(place);
    } catch (error) {
      if (dirname(place) === place) throw error;
      const isDanglingLink = await lstat(place).then(
        (stats) => stats.isSymbolicLink(),
        () => false,
      );
      if (isDanglingLink) return sep;
      return this.#realOf(dirname(place));
    }
  }
}
