import type { Response } from 'express';

export const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

/** Faults of a request come as a list … */
export const answerFaults = (response: Response, status: number, key: string, message: string): void =>
  void response.status(status).json([{ error_key: key, error_message: message }]);

/** … faults of access and rate as one object. */
export const answerFault = (response: Response, status: number, key: string, message: string): void =>
  void response.status(status).json({ error_key: key, error_message: message });

export const invalid = (response: Response, message: string): void => answerFaults(response, 400, 'contacts.api.validation.error', message);
