import type { Response } from 'express';
import type { Json } from '../../json.ts';

/** An answer in Campaign Monitor's error format: its own code beside the HTTP status. */
export function answerError(
  response: Response,
  status: number,
  { code, message, data }: { code: number; message: string; data?: Json },
): void {
  response.status(status).json({ ...(data === undefined ? {} : { ResultData: data }), Code: code, Message: message });
}

export const notOfTheSchema = (response: Response, field: string): void =>
  answerError(response, 400, {
    code: 400,
    message: `Failed to deserialize your request. \nPlease check the documentation and try again.\nFields in error: ${field}`,
  });
