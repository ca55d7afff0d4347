import { FatalError } from '#dataflow';

/** Output that no ratio is asked of. */
export const freeOutputBytes = 256 * 1024 * 1024;

/** Guards against files made to fill a disk. */
export interface ExpansionLimit {
  /** For error texts. */
  fileName: string;
  /** Output may be this many times the input, after {@link freeOutputBytes}. */
  maxExpansion: number;
}

/** Throws a FatalError when the output so far is out of proportion to the bytes it was made of. */
export function checkExpansion({ fileName, maxExpansion }: ExpansionLimit, input: number, output: number): void {
  if (output <= freeOutputBytes || output <= maxExpansion * input) return;
  throw new FatalError(
    `${fileName} expands to more than ${maxExpansion} times its size; it was stopped after ${Math.round(output / 1024 / 1024)} MB. Raise maxExpansion if that is meant.`,
    { code: 'limitExceeded', details: { file: fileName } },
  );
}
