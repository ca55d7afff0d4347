import { FatalError } from '#dataflow';

/** The error of a file whose bytes are not what they should be. The message names the file and ends with a full stop. */
export const malformedFile = (message: string, file: string, cause?: unknown): FatalError =>
  new FatalError(message, { code: 'malformedFile', cause, details: { file } });
